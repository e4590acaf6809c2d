// Bitstring status lists by @digitalbazaar/vc-bitstring-status-list. Commands:
//   status_list_create {length, set: [index…], id, statusPurpose} → unsigned status list credential
//   status_list_decode {encodedList, indexes: [index…]} → {length, set: [boolean…]}
//   status_list_check  {credential, documents, suites?} → {verified, set: [boolean…], error}
import {checkStatus, createCredential, createList, decodeList} from '@digitalbazaar/vc-bitstring-status-list';
import {describe} from './answers.mjs';
import {verifyingSuites} from './integrity.mjs';
import {loaderFrom} from './offline.mjs';

export async function status_list_create({length, set, id, statusPurpose}) {
  const list = await createList({length});
  set.forEach(index => list.setStatus(index, true));
  return createCredential({id, list, statusPurpose});
}

export async function status_list_decode({encodedList, indexes}) {
  const list = await decodeList({encodedList});
  return {length: list.length, set: indexes.map(index => list.getStatus(index))};
}

export async function status_list_check({credential, documents, suites, matchingIssuers = true}) {
  const {verified, results = [], error} = await checkStatus({
    credential, documentLoader: loaderFrom(documents), suite: verifyingSuites(suites), verifyMatchingIssuers: matchingIssuers
  });
  return {verified, set: results.map(result => result.status), error: error ? describe(error) : null};
}
