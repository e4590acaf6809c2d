// Data Integrity and Ed25519Signature2020 on any document, the proof alone. Commands:
//   di_sign   {suite, key, document, verificationMethod?, purpose?, challenge?, domain?, created?, proof?, documents?} → document
//   di_verify {document, suites?, purpose?, challenge?, domain?, documents?} → {verified, errors}
//   ed25519_2020_sign, ed25519_2020_verify: the same for that one suite
// `key` is {seed: hex of 32 bytes}, {jwk} or {publicKeyMultibase, secretKeyMultibase}; the verification method is by
// default that of its did:key. `proof` holds further members of the proof to be made, such as `expires`.
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import jsigs from 'jsonld-signatures';
import {verdict} from './answers.mjs';
import {loaderFrom} from './offline.mjs';

const {AssertionProofPurpose, AuthenticationProofPurpose, ControllerProofPurpose} = jsigs.purposes;
const CRYPTOSUITES = {
  'eddsa-rdfc-2022': {keys: Ed25519Multikey, sign: () => eddsaRdfc, verify: () => eddsaRdfc},
  'eddsa-jcs-2022': {
    keys: Ed25519Multikey, sign: eddsaJcs.createSignCryptosuite, verify: eddsaJcs.createVerifyCryptosuite
  },
  'ecdsa-rdfc-2019': {keys: EcdsaMultikey, sign: () => ecdsaRdfc, verify: () => ecdsaRdfc},
  'ecdsa-jcs-2019': {
    keys: EcdsaMultikey, sign: ecdsaJcs.createSignCryptosuite, verify: ecdsaJcs.createVerifyCryptosuite
  },
};
const ED25519_2020 = 'Ed25519Signature2020';

export async function di_sign(request) {
  const {document, documents} = request;
  return jsigs.sign(document, {
    suite: await signingSuite(request), purpose: purposeOf(request), documentLoader: loaderFrom(documents)
  });
}

export async function di_verify(request) {
  const {document, documents, suites} = request;
  return verdict(await jsigs.verify(document, {
    suite: verifyingSuites(suites), purpose: purposeOf(request), documentLoader: loaderFrom(documents)
  }));
}

export const ed25519_2020_sign = request => di_sign({...request, suite: ED25519_2020});
export const ed25519_2020_verify = request => di_verify({...request, suites: [ED25519_2020]});

/** The suite object that signs what `request` asks for. */
export async function signingSuite({suite: name, key, verificationMethod, created, proof}) {
  if(name === ED25519_2020) {
    const pair = await keyPair(Ed25519Multikey, key, verificationMethod);
    return new Ed25519Signature2020({signer: pair.signer(), date: created, proof});
  }
  const {keys, sign} = cryptosuite(name);
  const pair = await keyPair(keys, key, verificationMethod);
  const suite = new DataIntegrityProof({signer: pair.signer(), date: created, cryptosuite: sign()});
  suite.proof = proof;
  return suite;
}

/** Suite objects that verify; all that are known where no names are given. */
export function verifyingSuites(names = [...Object.keys(CRYPTOSUITES), ED25519_2020]) {
  return names.map(name => name === ED25519_2020 ?
    new Ed25519Signature2020() : new DataIntegrityProof({cryptosuite: cryptosuite(name).verify()}));
}

function cryptosuite(name) {
  if(!Object.hasOwn(CRYPTOSUITES, name)) {
    throw new TypeError(`Unknown cryptosuite ${JSON.stringify(name)}.`);
  }
  return CRYPTOSUITES[name];
}

/** A proof purpose; a challenge belongs to authentication, for other purposes it goes into `proof`. */
function purposeOf({purpose: term = 'assertionMethod', challenge, domain}) {
  if(term === 'authentication') {
    return new AuthenticationProofPurpose({challenge, domain});
  }
  return term === 'assertionMethod' ? new AssertionProofPurpose() : new ControllerProofPurpose({term});
}

async function keyPair(keys, {seed, jwk, ...multikey}, verificationMethod) {
  const pair = await readKey(keys, {seed, jwk, multikey});
  pair.id = verificationMethod ?? `did:key:${pair.publicKeyMultibase}#${pair.publicKeyMultibase}`;
  pair.controller = pair.id.split('#')[0];
  return pair;
}

function readKey(keys, {seed, jwk, multikey}) {
  if(seed !== undefined) {
    return keys.generate({seed: Buffer.from(seed, 'hex')});
  }
  // Without `key_ops` the package takes a JWK for a key agreement key.
  return jwk ? keys.fromJwk({jwk: {key_ops: ['sign'], ...jwk}, secretKey: true}) : keys.from({type: 'Multikey', ...multikey});
}
