// Seals what is typed to the pharmacy's box of the day before it leaves the phone. Where the browser cannot, the form is sent as it is.
import { right } from "../away/check.js";

const page = document.getElementById("checkin");
const form = document.getElementById("answers");
const done = document.getElementById("done");
const told = document.getElementById("told");
const number = globalThis.crypto?.randomUUID?.();
const secret = crypto.getRandomValues(new Uint8Array(32));
const NOT_ASKED = ["csrfmiddlewaretoken", "ins", "used_family"];

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

async function sealing() {
  if (!number || !globalThis.crypto?.subtle || !page.dataset.public) return null;
  try {
    return (await import(page.dataset.box)).sealBox;
  } catch {
    return null;
  }
}

function say(text) {
  told.textContent = text;
  told.hidden = !text;
  if (text) told.scrollIntoView({ block: "center" });
}

async function send(sealBox) {
  if (!right(form, page.dataset)) return undefined;
  const typed = Object.fromEntries([...new FormData(form)].filter(([name]) => !NOT_ASKED.includes(name)));
  const where = { pharmacy: page.dataset.pharmacy, day: page.dataset.day, item: number };
  const sealed = await sealBox(bytes(page.dataset.public), where, JSON.stringify(typed));
  const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ id: number, secret: base64(secret), sealed: base64(sealed), csrfmiddlewaretoken: csrf });
  const answer = await fetch(location.href, { method: "POST", body, cache: "no-store" }).catch(() => null);
  if (!answer) return say(page.dataset.lost);
  say({ 409: page.dataset.settled, 429: page.dataset.full, 422: page.dataset.wrong }[answer.status] ?? (answer.ok ? "" : page.dataset.lost));
  if (answer.ok) show(true);
  return undefined;
}

function show(sent) {
  done.hidden = !sent;
  form.hidden = sent;
  (sent ? done : form).querySelector("button, input[type=text]").focus();
}

const sealBox = await sealing();
if (sealBox) {
  page.querySelector("[data-unsealed]").hidden = true;
  page.querySelector("[data-sealed]").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(sealBox);
  });
  document.getElementById("change").addEventListener("click", () => show(false));
}
page.dataset.ready = sealBox ? "sealing" : "plain";
