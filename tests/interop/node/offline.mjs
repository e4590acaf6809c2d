// No command reaches the network: documents come from the request or from an installed package.
import dns from 'node:dns';
import http from 'node:http';
import net from 'node:net';
import {httpClient} from '@digitalbazaar/http-client';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {driver} from '@digitalbazaar/did-method-key';
import {installedContexts} from './contexts.mjs';

const RealDate = Date;
const didKey = driver();
didKey.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});
for(const multibaseMultikeyHeader of ['zDna', 'z82L']) {
  didKey.use({multibaseMultikeyHeader, fromMultibase: EcdsaMultikey.from});
}

/** Make every way out fail at once. Packages that fetch see 404 for what the request does not hold. */
export function closeNetwork() {
  const refuse = () => { throw new Error('This process has no network.'); };
  net.Socket.prototype.connect = refuse;
  dns.lookup = dns.promises.lookup = refuse;
  globalThis.fetch = fetchFrom({});
}

/** Try each way out to an address of the host: {host, port} → {way: error message or what came of it}. */
export async function reach({host, port}) {
  const url = `http://${host}:${port}/`;
  const ways = {
    socket: () => new Promise((resolve, reject) => {
      net.connect(port, host).once('connect', () => resolve('connected')).once('error', reject);
    }),
    http: () => new Promise((resolve, reject) => http.get(url, resolve).once('error', reject)),
    client: async () => (await httpClient.get(url)).status,
    fetch: async () => (await fetch(url)).status,
    lookup: () => dns.promises.lookup('localhost'),
  };
  const attempts = Object.entries(ways).map(async ([way, attempt]) => {
    try {
      return [way, String(await attempt())];
    } catch(error) {
      return [way, error.message];
    }
  });
  return Object.fromEntries(await Promise.all(attempts));
}

/** A `fetch` that answers from `documents`, a map of URL to JSON value or (for tokens) string. */
export function fetchFrom(documents) {
  return async input => {
    const url = String(input?.url ?? input);
    if(!Object.hasOwn(documents, url)) {
      return new Response('not among the documents of the request', {status: 404});
    }
    const body = documents[url];
    return typeof body === 'string' ? new Response(body) : Response.json(body);
  };
}

/** A JSON-LD document loader over the request, the installed contexts and did:key, in this order. */
export function loaderFrom(documents = {}) {
  return async url => ({contextUrl: null, documentUrl: url, document: await load(url, documents)});
}

async function load(url, documents) {
  if(Object.hasOwn(documents, url)) {
    // A copy: packages rewrite what they load.
    return structuredClone(documents[url]);
  }
  if(installedContexts.has(url)) {
    return installedContexts.get(url);
  }
  if(url.startsWith('did:key:')) {
    return didKey.get({url});
  }
  throw new Error(`${url} is neither in the request nor in an installed package.`);
}

/** Run with the clock standing at `now`, or with the real one where `now` is absent. */
export async function withClock(now, run) {
  if(now === undefined) {
    return run();
  }
  const instant = RealDate.parse(now);
  if(Number.isNaN(instant)) {
    throw new TypeError(`"now" is no date: ${now}`);
  }
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [instant]));
    }
    static now() {
      return instant;
    }
  };
  try {
    return await run();
  } finally {
    globalThis.Date = RealDate;
  }
}
