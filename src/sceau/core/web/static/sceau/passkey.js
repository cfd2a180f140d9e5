// Passkeys: adding one, and signing in with a touch. The PRF extension gives what unlocks; the passkey's own key never leaves it.
const PRF = { prf: { eval: { first: new TextEncoder().encode("sceau/passkey/v1") } } };
const KNOWN = "passkey";

const adding = document.getElementById("add_passkey");
const touching = document.getElementById("touch_passkey");

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  adding?.addEventListener("submit", (event) => act(event, add));
  touching?.addEventListener("submit", (event) => act(event, touch));
  if (touching) offer(touching, touching.dataset.key);
} else if (adding) {
  adding.hidden = true;
}

// At the door the button waits for Enter where a passkey is known; at work a key changes the person.
function offer(form, key) {
  form.hidden = Boolean(key) && !localStorage.getItem(KNOWN);
  if (!key && localStorage.getItem(KNOWN)) form.querySelector("button").focus();
  if (key && !form.hidden) document.addEventListener("keydown", (event) => event.key === key && form.requestSubmit());
}

async function act(event, what) {
  event.preventDefault();
  const form = event.target;
  const why = form.querySelector("[data-why]");
  const button = form.querySelector("button");
  why.hidden = button.disabled = true;
  try {
    const done = await what(form);
    localStorage.setItem(KNOWN, "1");
    location.assign(done.next);
  } catch (error) {
    button.disabled = false;
    if (error.name === "NotAllowedError") return; // the person changed their mind
    why.textContent = error.message;
    why.hidden = false;
  }
}

async function add(form) {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(await post(form, form.dataset.options));
  const made = await navigator.credentials.create({ publicKey: { ...options, extensions: PRF } });
  const prf = output(made) ?? output(await again(made, options));
  return post(form, form.dataset.add, answer(made, prf));
}

// Some passkeys give their PRF's output only when they are used.
function again(made, options) {
  const publicKey = { challenge: options.challenge, rpId: options.rp.id, userVerification: "required", extensions: PRF };
  return navigator.credentials.get({ publicKey: { ...publicKey, allowCredentials: [{ id: made.rawId, type: "public-key" }] } });
}

async function touch(form) {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(await post(form, form.dataset.touch));
  const touched = await navigator.credentials.get({ publicKey: { ...options, extensions: PRF } });
  return post(form, form.dataset.enter, answer(touched, output(touched)));
}

function output(credential) {
  return credential.getClientExtensionResults().prf?.results?.first;
}

function answer(credential, prf) {
  const told = { ...credential.toJSON(), clientExtensionResults: {} }; // the PRF's output goes once, beside it
  return JSON.stringify({ credential: told, prf: prf ? base64url(prf) : "" });
}

function base64url(buffer) {
  const written = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return written.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function post(form, url, given) {
  const body = new FormData(form);
  if (given) body.set("answer", given);
  const response = await fetch(url, { method: "POST", body });
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(told.why ?? `${response.status}`);
  return told;
}
