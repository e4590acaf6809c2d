// Credentials and presentations as @digitalbazaar/vc makes and checks them. Commands:
//   vc_sign   {suite, key, document, …as di_sign} → credential
//   vc_verify {document, suites?, documents?} → {verified, errors, status}; the issuer must control the key
//   vp_sign   {suite, key, document, challenge, domain?, …} → presentation
//   vp_verify {document, challenge, domain?, suites?, documents?} → {verified, errors, credentials: [{verified, errors}]}
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {describe, verdict} from './answers.mjs';
import {signingSuite, verifyingSuites} from './integrity.mjs';
import {loaderFrom} from './offline.mjs';

export async function vc_sign(request) {
  const {document: credential, documents} = request;
  return vc.issue({credential, suite: await signingSuite(request), documentLoader: loaderFrom(documents)});
}

export async function vc_verify({document: credential, documents, suites}) {
  const result = await vc.verifyCredential({
    credential, suite: verifyingSuites(suites), documentLoader: loaderFrom(documents), checkStatus
  });
  return {...verdict(result), status: statusOf(result)};
}

export async function vp_sign(request) {
  const {document: presentation, challenge, domain, documents} = request;
  return vc.signPresentation({
    presentation, challenge, domain, suite: await signingSuite(request), documentLoader: loaderFrom(documents)
  });
}

export async function vp_verify({document: presentation, challenge, domain, documents, suites}) {
  const result = await vc.verify({
    presentation, challenge, domain, suite: verifyingSuites(suites), documentLoader: loaderFrom(documents), checkStatus
  });
  const {presentationResult, credentialResults} = result;
  const own = presentationResult ? verdict(presentationResult) : verdict(result);
  return {...own, verified: result.verified, credentials: (credentialResults ?? []).map(verdict)};
}

/** null where the credential has no status, else {verified, set: [one boolean for each entry], error}. */
function statusOf({statusResult}) {
  if(!statusResult) {
    return null;
  }
  const {verified, results = [], error} = statusResult;
  return {verified, set: results.map(result => result.status), error: error ? describe(error) : null};
}
