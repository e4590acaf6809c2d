// An issuer and a wallet built on @openid4vc/openid4vci, over http or https on this machine. One process, one role, until its input ends:
//   node openid4vci.mjs issuer   first line in: {key, document, txCode, now, tls?}; each claim's outcome and, first of all,
//                                {identifier, offer, byReference} come out, one line of JSON each
//   node openid4vci.mjs wallet   each line in: {offer, txCode, jwk, alg, kid?, now}; out: {offer, credentials, notified} or {error}
// The issuer signs with @digitalbazaar/vc and puts the proved did:key into the credential.
import {createHash, randomBytes} from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import './localhost.mjs';
import {createInterface} from 'node:readline';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {CompactSign, compactVerify, decodeProtectedHeader, importJWK} from 'jose';
import {
  clientAuthenticationAnonymous, Oauth2AuthorizationServer, Oauth2ServerErrorResponseError, setGlobalConfig
} from '@openid4vc/oauth2';
import {Openid4vciClient, Openid4vciIssuer, Openid4vciVersion} from '@openid4vc/openid4vci';
import {describe} from './answers.mjs';
import {vc_sign} from './credentials.mjs';

const PRE_AUTHORIZED_CODE = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
const MASTERY = 'mastery';

// Both roles may talk to localhost without TLS.
setGlobalConfig({allowInsecureUrls: true});

/** The public key of a proof's signer: the one that goes along, or the one that its did:key is. */
async function publicJwk(signer) {
  if(signer.method === 'jwk') {
    return signer.publicJwk;
  }
  const multikey = signer.didUrl.split('#')[1];
  const keys = multikey.startsWith('z6Mk') ? Ed25519Multikey : EcdsaMultikey;
  const controller = `did:key:${multikey}`;
  const keyPair = await keys.from({type: 'Multikey', controller, publicKeyMultibase: multikey});
  return keys.toJwk({keyPair});
}

const callbacks = {
  hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
  generateRandom: size => randomBytes(size),
  clientAuthentication: clientAuthenticationAnonymous(),
  async verifyJwt(signer, {compact}) {
    const jwk = await publicJwk(signer);
    try {
      await compactVerify(compact, await importJWK(jwk, decodeProtectedHeader(compact).alg));
      return {verified: true, signerJwk: jwk};
    } catch {
      return {verified: false};
    }
  },
};

const say = value => process.stdout.write(JSON.stringify(value) + '\n');

// — the issuer —

/** `tls` is {cert, key} as PEM, to serve https. */
async function issuer({key, document, txCode, now, tls}) {
  const library = new Openid4vciIssuer({callbacks});
  const server = new Oauth2AuthorizationServer({callbacks});
  const state = {code: randomBytes(16).toString('base64url'), nonces: new Set(), tokens: new Set(), used: false};
  let metadata, offers;

  const routes = {
    'GET /.well-known/openid-credential-issuer/north': () => metadata.credentialIssuer,
    'GET /.well-known/oauth-authorization-server/north': () => metadata.authorizationServers[0],
    'GET /north/offer': () => offers.credentialOfferObject,
    'POST /north/token': token,
    'POST /north/nonce': () => {
      const cNonce = randomBytes(16).toString('base64url');
      state.nonces.add(cNonce);
      return library.createNonceResponse({cNonce});
    },
    'POST /north/credential': credential,
    'POST /north/notification': ({request, body}) => {
      authorize(request);
      say({notification: JSON.parse(body)});
      return null;
    },
  };

  async function token({request, body}) {
    const asked = {method: 'POST', url: metadata.authorizationServers[0].token_endpoint, headers: new Headers(request.headers)};
    const accessTokenRequest = Object.fromEntries(new URLSearchParams(body));
    const parsed = server.parseAccessTokenRequest({request: asked, accessTokenRequest});
    await server.verifyPreAuthorizedCodeAccessTokenRequest({
      ...parsed, request: asked, authorizationServerMetadata: metadata.authorizationServers[0],
      expectedPreAuthorizedCode: state.used ? randomBytes(16).toString('hex') : state.code, expectedTxCode: txCode,
    });
    state.used = true;
    const access = randomBytes(16).toString('base64url');
    state.tokens.add(access);
    return {access_token: access, token_type: 'Bearer', expires_in: 300};
  }

  async function credential({request, body}) {
    authorize(request);
    const parsed = library.parseCredentialRequest({issuerMetadata: metadata, credentialRequest: JSON.parse(body)});
    const [jwt] = parsed.proofs.jwt;
    const {nonce} = JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
    if(!state.nonces.delete(nonce)) {
      throw new Oauth2ServerErrorResponseError({error: 'invalid_nonce'});
    }
    const {signer, header} = await library.verifyCredentialRequestJwtProof({
      issuerMetadata: metadata, jwt, expectedNonce: nonce, now: new Date(now)
    });
    const id = header.kid?.split('#')[0];
    say({proof: {configuration: parsed.credentialConfigurationId, method: signer.method, holder: id ?? null}});
    const signed = await vc_sign({
      suite: 'eddsa-rdfc-2022', key, created: now,
      document: {...document, credentialSubject: {...document.credentialSubject, id}}
    });
    return library.createCredentialResponse({
      credentialRequest: parsed, credentials: [{credential: signed}], notificationId: 'notification-1'
    });
  }

  function authorize(request) {
    if(!state.tokens.has(request.headers.authorization?.replace(/^Bearer /u, ''))) {
      throw new Oauth2ServerErrorResponseError({error: 'invalid_token'}, {status: 401});
    }
  }

  const answer = async(request, response) => {
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    try {
      const found = await routes[`${request.method} ${request.url}`]({request, body: Buffer.concat(chunks).toString()});
      response.writeHead(found ? 200 : 204, {'content-type': 'application/json', 'cache-control': 'no-store'});
      response.end(found ? JSON.stringify(found) : undefined);
    } catch(error) {
      say({refused: describe(error)});
      response.writeHead(error.status ?? 400, {'content-type': 'application/json'});
      response.end(JSON.stringify(error.errorResponse ?? {error: 'invalid_request'}));
    }
  };
  const listener = tls ? https.createServer(tls, answer) : http.createServer(answer);
  await new Promise(resolve => listener.listen(0, '127.0.0.1', resolve));
  const identifier = `${tls ? 'https' : 'http'}://localhost:${listener.address().port}/north`;
  const credentialIssuer = library.createCredentialIssuerMetadata({
    credential_issuer: identifier,
    credential_endpoint: `${identifier}/credential`,
    nonce_endpoint: `${identifier}/nonce`,
    notification_endpoint: `${identifier}/notification`,
    display: [{name: 'North High School', locale: 'en'}],
    credential_configurations_supported: {
      [MASTERY]: {
        format: 'ldp_vc',
        credential_definition: {'@context': document['@context'], type: document.type},
        cryptographic_binding_methods_supported: ['did:key'],
        credential_signing_alg_values_supported: ['eddsa-rdfc-2022'],
        proof_types_supported: {jwt: {proof_signing_alg_values_supported: ['EdDSA', 'ES256']}},
        credential_metadata: {display: [{name: 'Mastery', locale: 'en'}]},
      },
    },
  });
  const authorizationServer = server.createAuthorizationServerMetadata({
    issuer: identifier, token_endpoint: `${identifier}/token`, grant_types_supported: [PRE_AUTHORIZED_CODE],
    'pre-authorized_grant_anonymous_access_supported': true,
  });
  metadata = {
    originalDraftVersion: Openid4vciVersion.V1, credentialIssuer, authorizationServers: [authorizationServer],
    knownCredentialConfigurations: library.getKnownCredentialConfigurationsSupported(credentialIssuer),
  };
  const grants = {[PRE_AUTHORIZED_CODE]: {'pre-authorized_code': state.code, ...(txCode ? {tx_code: {length: 6}} : {})}};
  const offer = {issuerMetadata: metadata, credentialConfigurationIds: [MASTERY], grants};
  offers = await library.createCredentialOffer(offer);
  const reference = await library.createCredentialOffer({...offer, credentialOfferUri: `${identifier}/offer`});
  say({identifier, offer: offers.credentialOffer, byReference: reference.credentialOffer});
  return listener;
}

// — the wallet —

async function wallet({offer, txCode, jwk, alg, kid, now}) {
  const sign = async (signer, {header, payload}) => ({
    jwt: await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader(header).sign(await importJWK(jwk, alg)),
    signerJwk: jwk,
  });
  const client = new Openid4vciClient({callbacks: {...callbacks, signJwt: sign, fetch}});
  const credentialOffer = await client.resolveCredentialOffer(offer);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const {accessTokenResponse} = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer, issuerMetadata, txCode
  });
  const accessToken = accessTokenResponse.access_token;
  const {c_nonce: nonce} = await client.requestNonce({issuerMetadata});
  const [credentialConfigurationId] = credentialOffer.credential_configuration_ids;
  const {d, ...publicJwk} = jwk;
  const {jwt} = await client.createCredentialRequestJwtProof({
    issuerMetadata, credentialConfigurationId, nonce, issuedAt: new Date(now),
    signer: kid ? {method: 'did', didUrl: kid, alg} : {method: 'jwk', publicJwk, alg},
  });
  const {credentialResponse} = await client.retrieveCredentials({
    issuerMetadata, accessToken, credentialConfigurationId, proofs: {jwt: [jwt]}
  });
  const notification = {notificationId: credentialResponse.notification_id, event: 'credential_accepted'};
  await client.sendNotification({issuerMetadata, accessToken, notification});
  return {
    version: issuerMetadata.originalDraftVersion,
    known: Object.keys(issuerMetadata.knownCredentialConfigurations),
    offer: credentialOffer,
    credentials: credentialResponse.credentials.map(({credential}) => credential),
    notified: notification.notificationId,
  };
}

const [role] = process.argv.slice(2);
let listener;
for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity})) {
  try {
    if(role === 'issuer') {
      listener = await issuer(JSON.parse(line));
    } else {
      say(await wallet(JSON.parse(line)));
    }
  } catch(error) {
    say({error: describe(error), answer: error.response?.credentialErrorResponseResult ?? error.errorResponse ?? null});
  }
}
listener?.closeAllConnections();
listener?.close();
