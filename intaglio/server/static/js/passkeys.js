// Passkeys (Web Authentication Level 3): wakes up every [data-passkey] and runs its ceremony when its button is pressed.
// The two conversions are done by hand: some password managers stand between and know no toJSON().

const fromBase64Url = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

const toBase64Url = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const described = (descriptors = []) => descriptors.map((each) => ({ ...each, id: fromBase64Url(each.id) }));

function creationOptions(options) {
  return {
    ...options,
    challenge: fromBase64Url(options.challenge),
    user: { ...options.user, id: fromBase64Url(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
}

function requestOptions(options) {
  return { ...options, challenge: fromBase64Url(options.challenge), allowCredentials: described(options.allowCredentials) };
}

function asJson(credential) {
  const { response } = credential;
  const members = response.attestationObject
    ? { attestationObject: toBase64Url(response.attestationObject), transports: response.getTransports?.() ?? [] }
    : {
        authenticatorData: toBase64Url(response.authenticatorData),
        signature: toBase64Url(response.signature),
        userHandle: response.userHandle ? toBase64Url(response.userHandle) : null,
      };
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: toBase64Url(response.clientDataJSON), ...members },
  };
}

class Refused extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

async function post(url, token, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-csrf-token": token },
    body: JSON.stringify(body),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Refused(String(found.type ?? "").replace("urn:intaglio:problem:", ""));
  return found;
}

async function ceremony({ passkey, options, finish, next, csrf }) {
  const asked = await post(options, csrf, {});
  const credential = passkey === "create"
    ? await navigator.credentials.create({ publicKey: creationOptions(asked) })
    : await navigator.credentials.get({ publicKey: requestOptions(asked) });
  try {
    return await post(finish, csrf, { credential: asJson(credential), next });
  } catch (error) {
    // So that the browser stops offering a passkey that was removed here.
    if (error.kind === "passkey-unknown") {
      await PublicKeyCredential.signalUnknownCredential?.({ rpId: asked.rpId, credentialId: credential.id });
    }
    throw error;
  }
}

function sentence(error, words) {
  if (error.name === "NotAllowedError" || error.name === "AbortError") return words.cancelled;
  if (error.name === "InvalidStateError" || error.kind === "passkey-taken") return words.exists;
  const kinds = {
    "passkey-unknown": words.unknown,
    "too-many-tries": words.tooMany,
    "sign-in-again": words.again,
    "sign-in-needed": words.again,
    "foreign-form": words.over,
  };
  return kinds[error.kind] ?? words.failed;
}

function wake(place) {
  const [button, message] = [place.querySelector("button"), place.querySelector("[role=alert]")];
  button.addEventListener("click", async () => {
    button.disabled = true;
    message.hidden = true;
    try {
      const { location } = await ceremony(place.dataset);
      window.location.assign(location);
    } catch (error) {
      message.textContent = sentence(error, place.dataset);
      message.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
  place.hidden = false;
}

if (window.PublicKeyCredential && window.isSecureContext) {
  for (const place of document.querySelectorAll("[data-passkey]")) wake(place);
  for (const around of document.querySelectorAll("[data-passkeys-only]")) around.hidden = false;
}
