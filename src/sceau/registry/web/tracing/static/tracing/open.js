// Opens somebody with a touch of the agent's passkey, and closes the page by itself when the touch has had its time.
// What a page shows of a person is in this page alone: nothing is stored, and going back shows it no more.

for (const form of document.querySelectorAll("form[data-touch]")) form.addEventListener("submit", touch);
for (const form of document.querySelectorAll("form[data-quiet]")) form.addEventListener("submit", quietly);
const open = document.querySelector("[data-seconds]");
if (open) keepTime(open, Date.now() + open.dataset.seconds * 1000);

async function touch(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  say(form, "");
  button.disabled = true;
  try {
    const asked = PublicKeyCredential.parseRequestOptionsFromJSON(await json(await post(form.dataset.touch, form)));
    const touched = await navigator.credentials.get({ publicKey: asked });
    form.elements.answer.value = JSON.stringify(touched.toJSON());
    form.submit();
  } catch (error) {
    button.disabled = false;
    if (error.name !== "NotAllowedError") say(form, error.message); // else the person changed their mind
  }
}

// A form beside somebody who is open: what is written goes to the server, and the person stays on the page.
async function quietly(event) {
  event.preventDefault();
  const form = event.target;
  say(document, "");
  const answer = await post(form.action, form).catch((error) => ({ ok: false, status: 0, json: () => ({ why: error.message }) }));
  if (answer.ok) return done(form, await answer.text());
  if (answer.status !== 422) return say(document, (await answer.json().catch(() => ({}))).why ?? `${answer.status}`);
  const fresh = swap(form, await answer.text());
  fresh.elements.token.value = form.elements.token.value;
  fresh.addEventListener("submit", quietly);
  fresh.querySelector("[aria-invalid]")?.focus();
}

function done(form, text) {
  swap(document.getElementById(form.dataset.quiet), text);
  form.reset();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const told of form.querySelectorAll(".field-error")) told.remove();
  const said = document.querySelector("[data-done]");
  said.textContent = form.dataset.said;
  said.hidden = false;
  form.querySelector("input:not([type=hidden]), select").focus();
}

function swap(old, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
  old.replaceWith(document.adoptNode(fresh));
  return document.getElementById(fresh.id);
}

function keepTime(shown, until) {
  const left = shown.querySelector("[data-left]");
  const close = () => {
    shown.remove();
    location.replace(shown.dataset.closed);
  };
  shown.querySelector("[data-close]").addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });
  window.addEventListener("pagehide", () => shown.remove());
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds <= 0) return close();
    left.textContent = Math.ceil(seconds / 60);
    window.setTimeout(tick, Math.min(seconds, 15) * 1000);
  };
  tick();
}

function say(where, text) {
  const why = where.querySelector("[data-why]");
  why.textContent = text;
  why.hidden = !text;
}

async function post(url, form) {
  return fetch(url, { method: "POST", body: new FormData(form), cache: "no-store" });
}

async function json(answer) {
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.why ?? `${answer.status}`);
  return told;
}
