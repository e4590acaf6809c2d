// The verifier of the Digital Credentials Consortium, whose own loader and registry client fetch: here from the request.
//   verifier_core_credential   {document, documents?, registries?} → its result
//   verifier_core_presentation {document, documents?, registries?, challenge?, unsigned?} → its result
// Its DID resolver remembers did:web documents, and its schema check schemas, from one request to the next.
import {verifyCredential, verifyPresentation} from '@digitalcredentials/verifier-core';
import {fetchFrom} from './offline.mjs';

export function verifier_core_credential({document: credential, documents, registries: knownDIDRegistries = []}) {
  return withFetch(documents, () => verifyCredential({credential, knownDIDRegistries}));
}

export function verifier_core_presentation(request) {
  const {document: presentation, documents, registries: knownDIDRegistries = []} = request;
  const {challenge, unsigned: unsignedPresentation} = request;
  return withFetch(documents, () => verifyPresentation({presentation, challenge, unsignedPresentation, knownDIDRegistries}));
}

async function withFetch(documents, run) {
  globalThis.fetch = fetchFrom(documents ?? {});
  try {
    return await run();
  } finally {
    globalThis.fetch = fetchFrom({});
  }
}
