// Keeps the day's page true while results wait: fetches it again and swaps what is marked live. It never interrupts:
// it holds still while a confirmation is open, a control inside is in use, text is selected, the tab is hidden, or Pause was pressed.
const everyMs = 10_000;
const live = () => document.getElementById("live");
const pause = document.getElementById("pause");
let paused = false;

function busy() {
  const region = live();
  return (
    paused ||
    document.hidden ||
    region.querySelector("details[open]") !== null ||
    region.contains(document.activeElement) ||
    String(document.getSelection()) !== ""
  );
}

// `auto=1` tells the server that nobody touched the page, so that the session's idle time goes on counting.
function address() {
  const url = new URL(window.location.href);
  url.searchParams.set("auto", "1");
  return url;
}

async function refresh() {
  const response = await fetch(address(), { credentials: "same-origin", cache: "no-store" });
  if (response.redirected || response.status === 403) {
    window.location.reload();
    return;
  }
  if (!response.ok || busy()) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("live");
  if (fresh === null) return;
  live().replaceWith(document.adoptNode(fresh));
}

async function tick() {
  if (!("refresh" in live().dataset)) {
    pause.parentElement.hidden = true;
    return;
  }
  // A network that is away is no news here: the next tick tries again.
  if (!busy()) await refresh().catch(() => undefined);
  window.setTimeout(tick, everyMs);
}

pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
});
pause.parentElement.hidden = false;
window.setTimeout(tick, everyMs);
