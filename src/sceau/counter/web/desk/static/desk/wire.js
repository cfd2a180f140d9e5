// Questions to the counter, and what it says back. Nothing that is typed is lost when the network is.
const LATE_MS = 8_000;
const GATEWAY = [502, 504];

// Whether the counter answers, and how many milliseconds our clock is behind its own; says when it is lost and when it is back.
class Link extends EventTarget {
  away = false;
  offset = 0;
  leaving = async () => {};

  heard(answer) {
    const told = Date.parse(answer?.headers.get("Date") ?? "");
    if (answer && !Number.isNaN(told)) this.offset = Math.abs(told - Date.now()) < 2_000 ? 0 : told - Date.now();
    const was = this.away;
    this.away = answer === null;
    if (was !== this.away) this.dispatchEvent(new Event(this.away ? "lost" : "back"));
  }

  // To the sign-in page, or to this one as the counter has it now; what is kept goes ahead.
  async reload() {
    await this.leaving();
    window.location.reload();
  }
}

export const link = new Link();
const desk = document.getElementById("desk");
const line = document.getElementById("say");
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

export const said = () => line.textContent;

export function say(text, good = true) {
  line.dataset.tone = good ? "" : "bad";
  line.textContent = text;
}

// Our own server's fragment, in the place of what was there.
export function put(place, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  place.replaceChildren(...[...fresh.body.childNodes].map((node) => document.adoptNode(node)));
}

export async function ask(address, fields) {
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token() });
  const answer = await send(address, { method: "POST", body });
  if (answer?.redirected) await link.reload();
  return answer?.redirected || answer?.status === 404 ? null : answer;
}

export async function send(address, options, { quiet = false } = {}) {
  const asked = { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(LATE_MS), ...options };
  const answer = await fetch(address, asked).catch(() => null);
  const found = GATEWAY.includes(answer?.status) ? null : answer;
  if (found === null && !quiet) say(desk.dataset.lost, false);
  link.heard(found);
  return found;
}
