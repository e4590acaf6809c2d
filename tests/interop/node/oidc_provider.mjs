// A real OpenID Connect provider (the npm package oidc-provider) on a loopback port of the system's choice.
// Its only argument is JSON: {redirectUri, clientId, clientSecret, people: {login: claims}}. It prints {"issuer": "http://localhost:…"} when
// it answers, and ends when its standard input does. Whoever logs in by a name of `people` is that person; no password is checked.

import { createServer } from "node:http";
import Provider from "oidc-provider";

const { redirectUri, clientId, clientSecret, people } = JSON.parse(process.argv[2]);

const server = createServer();
server.listen(0, "localhost", () => {
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: ["of no use anywhere else"] },
    pkce: { required: () => true },
    findAccount: (_context, login) => people[login] && { accountId: login, claims: () => ({ sub: login, ...people[login] }) },
  });
  server.on("request", provider.callback());
  console.log(JSON.stringify({ issuer }));
});
process.stdin.resume().on("end", () => process.exit(0));
