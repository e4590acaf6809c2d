// A `fetch` that asks this machine alone, and notes what it asked: imported before the packages that keep a `fetch` of their own.
import './localhost.mjs';
import {installedContexts} from './contexts.mjs';

/** The addresses that were asked. */
export const fetched = [];

const realFetch = globalThis.fetch;
globalThis.fetch = async(input, options) => {
  const url = String(input?.url ?? input);
  if(installedContexts.has(url)) {
    return Response.json(installedContexts.get(url));
  }
  if(!/^https:\/\/([a-z]+\.)?localhost:/u.test(url)) {
    return new Response('no network beyond this machine', {status: 404});
  }
  fetched.push(url);
  return realFetch(input, options);
};
