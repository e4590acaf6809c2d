// JSON Web Tokens by jose. Commands:
//   jwt_sign   {header, payload, jwk} → compact token; `header.alg` names the algorithm
//   jwt_verify {token, jwk, algorithms, typ?, audience?, issuer?} → {verified, header, payload} or {verified, errors}
import {SignJWT, importJWK, jwtVerify} from 'jose';
import {describe} from './answers.mjs';

export async function jwt_sign({header, payload, jwk}) {
  return new SignJWT(payload).setProtectedHeader(header).sign(await importJWK(jwk, header.alg));
}

export async function jwt_verify({token, jwk, algorithms, typ, audience, issuer}) {
  try {
    // The algorithm is the caller's: taken from the token, it would be the attacker's.
    const key = await importJWK(jwk, algorithms[0]);
    const {payload, protectedHeader} = await jwtVerify(token, key, {algorithms, typ, audience, issuer});
    return {verified: true, header: protectedHeader, payload, errors: []};
  } catch(error) {
    return {verified: false, header: null, payload: null, errors: [describe(error)]};
  }
}
