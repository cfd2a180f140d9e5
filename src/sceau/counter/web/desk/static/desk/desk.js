// The counter screen. The search box has the focus; every key means one thing:
// letters search, Enter starts, ↑ ↓ choose, and while the box is empty + − ? give the chosen test its result.
import { away } from "../away/away.js";
import { ask, link, put, say } from "./wire.js";
import { watchScanner } from "./scanner.js";
import { startClocks } from "./clocks.js";
import { Queue } from "./queue.js";
import { Finder } from "./finder.js";
import { Sheet } from "./sheet.js";

const desk = document.getElementById("desk");
const box = document.getElementById("box");
const queue = new Queue(document.getElementById("queue"), desk.dataset.queue);
const sheet = new Sheet(document.getElementById("new"), desk.dataset.alike, taken);
const kitSheet = document.getElementById("kit_sheet");
const finder = new Finder(box, document.getElementById("found"), desk.dataset.search);

if (desk.dataset.prepare) ask(desk.dataset.prepare, {}); // the people known here are opened while the first letters are still being typed

async function taken(answer) {
  finder.clear();
  if (answer) queue.show(await answer.text());
  else queue.mark();
  box.focus();
}

async function choose(option) {
  if (option.dataset.card) {
    const answer = await ask(desk.dataset.again, { card: option.dataset.card });
    if (answer) await taken(answer);
  } else {
    sheet.open(option.dataset.name);
    finder.clear();
  }
}

async function act(form, fields = {}) {
  const here = form.dataset && "here" in form.dataset;
  if (here) await away.act(form, fields);
  const canKeep = !here && form.dataset?.act === "result";
  const answer = here || (link.away && canKeep) ? null : await ask(form.action, fields);
  if (!answer && link.away && canKeep) await away.find(form.closest("[data-visit]"), fields.found);
  if (!answer) {
    queue.undo = null;
    queue.mark();
    return;
  }
  const html = await answer.text();
  if (html.includes('id="new_title"')) {
    sheet.show(html);
    return;
  }
  queue.lastAct(form, answer);
  queue.show(html);
  if (!document.querySelector("dialog[open]")) box.focus();
}

let found = "";
function giveResult(key) {
  const visit = queue.current();
  const form = visit?.querySelector('form[data-act="result"]');
  if (!form) {
    const running = document.querySelector('[data-stage="running"]');
    if (running) say(visit?.dataset.stage === "running" ? desk.dataset.who : desk.dataset.choose, false);
    return;
  }
  found += key === "−" ? "-" : key;
  if (found.length < Number(visit.dataset.parts)) {
    say(`${visit.dataset.name} : ${found}`);
    return;
  }
  const all = found;
  found = "";
  act(form, { found: all });
}

box.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey) return;
  if (event.ctrlKey) {
    if (event.key === "z" && box.value === "" && queue.undoForm()) {
      event.preventDefault();
      act(queue.undoForm());
    }
    return;
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    found = "";
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (box.value) finder.move(step);
    else queue.move(step);
  } else if (event.key === "Escape") {
    found = "";
    finder.clear();
  } else if (box.value === "" && ["+", "-", "−", "?"].includes(event.key)) {
    event.preventDefault();
    giveResult(event.key);
  } else if (box.value === "" && ["*", "/"].includes(event.key)) {
    const form = queue.current()?.querySelector('form[data-act="consent"]');
    if (!form) return;
    event.preventDefault();
    act(form, { agrees: event.key === "*" ? "yes" : "no" });
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (box.value) finder.chosen().then((option) => option && choose(option));
    else {
      const form = queue.current()?.querySelector('form[data-act="start"]');
      if (form) act(form);
    }
  }
});

finder.list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) choose(option);
});

document.getElementById("find").addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if ("act" in form.dataset) {
    event.preventDefault();
    const row = form.closest("[data-visit]");
    if (form.dataset.act === "result") {
      queue.choose(row);
      giveResult(event.submitter.value);
    } else act(form, event.submitter?.name ? { [event.submitter.name]: event.submitter.value } : {});
  } else if ("kit" in form.dataset) {
    event.preventDefault();
    const answer = await ask(form.action, Object.fromEntries(new FormData(form)));
    if (answer) showKit(answer);
  }
});

async function showKit(answer) {
  const html = await answer.text();
  if (html.includes('id="kit_title"')) {
    put(kitSheet, html);
    if (!kitSheet.open) kitSheet.showModal();
    kitSheet.querySelector("input[type=text]").focus();
    return;
  }
  if (kitSheet.open) kitSheet.close();
  put(document.getElementById("kit"), html);
  const told = document.querySelector("#kit [data-say]");
  if (told) say(told.dataset.say, answer.ok);
  box.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  const row = event.target.closest("[data-visit]");
  if (row && !event.target.closest("button, a")) {
    queue.choose(row);
    box.focus();
  }
});
for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", () => box.focus());

// F4 notes a quality control of the lot in hand: one key for what the positive control showed, one for the negative.
document.addEventListener("keydown", (event) => {
  const control = document.getElementById("control");
  if (event.key !== "F4" || !control || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  control.open = !control.open;
  (control.open ? control.querySelector("[name=found]") : box).focus();
});
document.addEventListener("input", (event) => {
  if (event.target.id === "control_found" && event.target.value.length === 2) event.target.form.requestSubmit();
});

watchScanner(async (text) => {
  finder.clear();
  const answer = await ask(desk.dataset.scan, { text });
  if (answer) showKit(answer);
});
startClocks(desk.dataset.ready);
away.refresh = () => queue.refresh();
if (desk.dataset.queue) queue.follow();
