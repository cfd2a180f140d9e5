// The queue: which visit is chosen, what the last act was, and following what colleagues do.
// A refresh replaces the queue alone: what is being typed, and the chosen visit, stay.
import { link, put, said, say, send } from "./wire.js";
import { tick } from "./clocks.js";

const EVERY_MS = 3_000;

export class Queue {
  constructor(place, address) {
    this.place = place;
    this.own = document.getElementById("kept_list");
    this.address = address;
    this.shown = 0;
    this.chosen = null;
    this.tag = "";
    this.undo = null;
    this.offer = "";
    this.mark();
  }

  rows() {
    const stages = '[data-stage="running"], [data-stage="waiting"], [data-stage="here"]';
    return [this.own, this.place].flatMap((place) => [...place.querySelectorAll(stages)]);
  }

  current() {
    return this.rows().find((row) => row.dataset.visit === this.chosen) ?? null;
  }

  choose(row) {
    this.chosen = row?.dataset.visit ?? null;
    this.mark();
  }

  move(step) {
    const rows = this.rows();
    if (!rows.length) return;
    const at = rows.indexOf(this.current());
    this.choose(rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : (at + step + rows.length) % rows.length]);
    const row = this.current();
    row.scrollIntoView({ block: "nearest" });
    say(row.dataset.name);
  }

  // Whoever is chosen stays so; else the only one there is. With several, nobody is chosen by chance.
  mark() {
    const rows = this.rows();
    const running = rows.filter((row) => row.dataset.stage === "running");
    if (!this.current()) this.chosen = (rows.length === 1 ? rows[0] : running.length === 1 ? running[0] : null)?.dataset.visit ?? null;
    for (const row of document.querySelectorAll("[data-visit]")) {
      if (row.dataset.visit === this.chosen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    tick();
  }

  show(html) {
    this.shown += 1;
    put(this.place, html);
    const queue = this.place.querySelector(".queue");
    if (queue?.dataset.current) this.chosen = queue.dataset.current;
    if (queue?.dataset.say) say(queue.dataset.say);
    this.offer = this.undoForm() ? queue?.dataset.say : "";
    this.tag = "";
    this.mark();
  }

  // What Ctrl+Z would take back: the last result, while it is still here, or the last removal.
  lastAct(form, answer) {
    const back = answer.headers.get("X-Undo");
    this.undo = answer.ok && back ? { action: form.action.replace(/[^/]+$/, back) } : null;
  }

  undoForm() {
    return this.undo ?? this.own.querySelector('form[data-act="undo"]') ?? this.place.querySelector('form[data-act="undo"]');
  }

  // What comes after somebody has acted tells how it stood before: it is let go.
  async refresh() {
    const before = this.shown;
    const headers = this.tag ? { "If-None-Match": this.tag } : {};
    const answer = await send(`${this.address}?auto=1`, { headers }, { quiet: true });
    if (answer?.redirected || answer?.status === 403) await link.reload();
    else if (answer?.ok) {
      const html = await answer.text();
      if (before === this.shown && !this.place.contains(document.activeElement)) {
        put(this.place, html);
        this.tag = answer.headers.get("ETag") ?? "";
        this.withdraw();
        this.mark();
      }
    }
  }

  // What was said of Ctrl+Z holds no longer, once there is nothing to take back.
  withdraw() {
    if (this.offer && !this.undoForm() && said() === this.offer) say("");
    if (!this.undoForm()) this.offer = "";
  }

  async follow() {
    if (!document.hidden) await this.refresh().catch(() => undefined);
    window.setTimeout(() => this.follow(), EVERY_MS);
  }
}
