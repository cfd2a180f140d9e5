// Questions to the counter, and what it says back. Nothing that is typed is lost when the network is.
const desk = document.getElementById("desk");
const line = document.getElementById("say");
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

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
  if (answer?.redirected) window.location.reload();
  return answer?.redirected || answer?.status === 404 ? null : answer;
}

export async function send(address, options) {
  try {
    return await fetch(address, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    say(desk.dataset.lost, false);
    return null;
  }
}
