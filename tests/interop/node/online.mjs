// The peers with the real network: documents, DIDs and status lists are fetched over https from this machine. Whoever starts this
// names the authority of those servers by NODE_EXTRA_CA_CERTS. One JSON request per line in, one answer per line out:
//   {command: "verifier_core", document, registries?} → the result of @digitalcredentials/verifier-core
//   {command: "vc_verify", document}      → {verified, errors, status}, by @digitalbazaar/vc and vc-bitstring-status-list
//   {command: "jwt_verify", token}        → {verified, payload}, by jose, under the key that its `kid` names
// `ok` holds {result, fetched}: what the command returns, and the addresses that were asked up to then; verifier-core remembers
// did:web documents from one request to the next. Contexts come from the installed packages, as in `offline.mjs`.
import {fetched} from './reachable.mjs';
import {createInterface} from 'node:readline';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {verifyCredential} from '@digitalcredentials/verifier-core';
import {decodeProtectedHeader, importJWK, jwtVerify} from 'jose';
import {describe, plain, verdict} from './answers.mjs';
import {installedContexts} from './contexts.mjs';
import {verifyingSuites} from './integrity.mjs';
import {loaderFrom} from './offline.mjs';

async function get(url) {
  const response = await fetch(url, {headers: {accept: 'application/did+json, application/vc, application/json'}});
  if(!response.ok) {
    throw new Error(`${url} answered ${response.status}.`);
  }
  return response.json();
}

/** did:web (section 3.2 of its method): the document's address. */
function addressOf(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return `https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

async function load(url) {
  if(url.startsWith('did:web:')) {
    const [did, fragment] = url.split('#');
    const document = await get(addressOf(did));
    const method = fragment && document.verificationMethod.find(({id}) => id === url);
    return {contextUrl: null, documentUrl: url, document: method ? {'@context': document['@context'], ...method} : document};
  }
  if(url.startsWith('https:') && !installedContexts.has(url)) {
    return {contextUrl: null, documentUrl: url, document: await get(url)};
  }
  return loaderFrom()(url);
}

const COMMANDS = {
  verifier_core: ({document: credential, registries = []}) => verifyCredential({credential, knownDIDRegistries: registries}),
  async vc_verify({document: credential}) {
    const result = await vc.verifyCredential({credential, suite: verifyingSuites(), documentLoader: load, checkStatus});
    const {statusResult} = result;
    const status = statusResult ? {verified: statusResult.verified, set: statusResult.results.map(({status}) => status)} : null;
    return {...verdict(result), status};
  },
  async jwt_verify({token}) {
    const {kid, alg} = decodeProtectedHeader(token);
    const {document} = await load(kid);
    const {payload} = await jwtVerify(token, await importJWK(document.publicKeyJwk, alg), {algorithms: [alg]});
    return {verified: true, payload};
  },
};

console.log = console.info = console.debug = console.error;
for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity})) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = {ok: {result: plain(await COMMANDS[request.command](request)), fetched}};
  } catch(error) {
    answer = {error: describe(error)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
