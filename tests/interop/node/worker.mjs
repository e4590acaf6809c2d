// One JSON request per line on standard input, one JSON answer per line on standard output:
//   {"command": NAME, "now"?: RFC 3339, …}  →  {"ok": …} or {"error": {"name", "message"}}
// Requests are answered one after another, so a request may set the clock and the documents that exist.
import {createInterface} from 'node:readline';
import {describe, plain} from './answers.mjs';
import {closeNetwork, withClock} from './offline.mjs';

const COMMANDS = {
  canonize: () => import('./canonical.mjs'),
  rdf_canonize: () => import('./canonical.mjs'),
  jcs: () => import('./canonical.mjs'),
  contexts: () => import('./contexts.mjs'),
  reach: () => import('./offline.mjs'),
  di_sign: () => import('./integrity.mjs'),
  di_verify: () => import('./integrity.mjs'),
  ed25519_2020_sign: () => import('./integrity.mjs'),
  ed25519_2020_verify: () => import('./integrity.mjs'),
  vc_sign: () => import('./credentials.mjs'),
  vc_verify: () => import('./credentials.mjs'),
  vp_sign: () => import('./credentials.mjs'),
  vp_verify: () => import('./credentials.mjs'),
  jwt_sign: () => import('./tokens.mjs'),
  jwt_verify: () => import('./tokens.mjs'),
  status_list_create: () => import('./status.mjs'),
  status_list_decode: () => import('./status.mjs'),
  status_list_check: () => import('./status.mjs'),
  verifier_core_credential: () => import('./verifier_core.mjs'),
  verifier_core_presentation: () => import('./verifier_core.mjs'),
};

async function answer(line) {
  try {
    const request = JSON.parse(line);
    if(!Object.hasOwn(COMMANDS, request.command)) {
      throw new TypeError(`Unknown command ${JSON.stringify(request.command)}.`);
    }
    const {[request.command]: run} = await COMMANDS[request.command]();
    return {ok: plain(await withClock(request.now, () => run(request)))};
  } catch(error) {
    return {error: describe(error)};
  }
}

closeNetwork();
// Standard output carries answers only; what the packages have to say goes beside it.
console.log = console.info = console.debug = console.error;
// A promise that a package forgets must not end the process that answers the next request.
process.on('unhandledRejection', error => console.error('unhandled', describe(error)));

for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity})) {
  process.stdout.write(JSON.stringify(await answer(line)) + '\n');
}
