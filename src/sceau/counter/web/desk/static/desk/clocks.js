// The time each test still needs; a sound and the page's title say when one is ready.
const title = document.title;
let word = "";
const heard = new Set();

export function startClocks(ready) {
  word = ready;
  tick();
  window.setInterval(tick, 1_000);
}

export function tick() {
  let over = 0;
  for (const row of document.querySelectorAll("[data-ready-at]")) {
    const left = Math.ceil((Date.parse(row.dataset.readyAt) - Date.now()) / 1_000);
    const clock = row.querySelector("[data-clock]");
    clock.textContent = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : word;
    row.toggleAttribute("data-over", left <= 0);
    if (left > 0) continue;
    over += 1;
    if (!heard.has(row.dataset.visit)) ring(left);
    heard.add(row.dataset.visit);
  }
  document.title = over ? `(${over}) ${title}` : title;
}

// Silent where the browser allows no sound, and for what was ready long before the page was opened.
function ring(left) {
  if (left < -5) return;
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  tone.frequency.value = 880;
  tone.connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.25);
}
