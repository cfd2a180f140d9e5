// The counter screen and a counter that may be away: notices, says so, keeps sealed, and brings it when the counter answers again.
import { ask, link, put, say } from "../desk/wire.js";
import { tick } from "../desk/clocks.js";
import { entries, lastPlace, place, savePlace } from "./store.js";
import { trusted } from "./trust.js";

const desk = document.getElementById("desk");
const band = document.getElementById("away");
const words = band.dataset;
const alone = "alone" in desk.dataset;
const AGAIN_MS = 3_000;

class Away {
  constructor() {
    this.work = null;
    this.here = null;
    this.bad = false;
    this.refresh = async () => {};
    this.ready = this.open().catch(() => undefined);
  }

  async open() {
    const told = document.getElementById("away_told");
    await (told ? this.learn(JSON.parse(told.textContent)) : this.recall());
    link.addEventListener("lost", () => this.show());
    link.addEventListener("back", () => this.back());
    link.leaving = async () => ((await entries()).length ? this.bring().catch(() => undefined) : undefined);
    if (alone) this.listen();
    else await this.back();
  }

  // From the counter's page: what is public is stored for the next outage; the voucher stays in this page's memory.
  async learn({ voucher, ...told }) {
    const before = await place(told.pharmacy);
    try {
      const pin = await trusted(told, before?.pin);
      this.here = { ...told, pin, kit: kitInHand(), offset: link.offset, saved: Date.now() };
      await savePlace(this.here);
    } catch {
      this.bad = true;
      this.refuse(words.badKeys);
      return;
    }
    this.voucher = voucher;
    this.register();
  }

  // After a reload with no network: what this computer knows; nobody is signed in.
  async recall() {
    this.here = await lastPlace();
    this.voucher = "";
    link.away = true;
    if (!this.here) return;
    link.offset ||= this.here.offset;
    document.getElementById("away_place").textContent = this.here.name;
    if (this.here.kit) document.getElementById("away_kit").textContent = `${this.here.kit.name} ${this.here.kit.lot}`;
    await this.prepare();
    await this.show();
  }

  // Without a service worker the scripts are fetched now, and only a page that stays open can go on.
  register() {
    const address = `${words.worker}?language=${document.documentElement.lang}`;
    const registered = navigator.serviceWorker?.register(address) ?? Promise.reject(new Error("none"));
    registered.catch(() => this.prepare()).catch(() => undefined);
  }

  // The rest of the scripts; the service worker has them when the network has gone.
  async prepare() {
    if (this.work || !this.here) return;
    const needed = ["work", "rows", "check"].map((name) => import(`./${name}.js`));
    const [{ Work, NoKit, NoKeys }, rows, { right }] = await Promise.all(needed);
    this.work = new Work(this.here, this.voucher, () => link.offset);
    Object.assign(this, { NoKit, NoKeys, rows, right });
    for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, () => this.work.touch(), true);
  }

  async show() {
    const kept = (await entries()).filter((entry) => entry.pharmacy === this.here?.pharmacy);
    const count = document.getElementById("kept_count");
    band.hidden = !link.away && kept.length === 0;
    document.getElementById("away_band").hidden = !link.away;
    count.hidden = kept.length === 0;
    count.textContent = `${words.kept} ${new Set(kept.map((entry) => entry.visit)).size}`;
    if (this.work) this.rows.draw(this.work, words.sealed);
    tick();
    return kept;
  }

  // Somebody new, from the form; true when they are kept here. What is wrong is said beside its field.
  async start(form, told) {
    if (told.checkin) return this.refuse(words.noCheckin);
    if (!(await this.can())) return false;
    return this.right(form, words) && this.kept(() => this.work.start(told.visit, told), words.started);
  }

  async find(row, keys) {
    const visit = row.dataset.visit;
    const kept = await this.kept(() => this.work.find(visit, keys), words.given);
    if (kept && !this.work.tests.has(visit)) this.rows.mark(visit, keys, words.sealed);
  }

  async act(form, fields) {
    const row = form.closest("[data-visit]");
    if (form.dataset.act === "result") await this.find(row, fields.found);
    else if (form.dataset.act === "undo") await this.kept(() => this.work.takeBack(row.dataset.visit), words.takenBack);
    else await this.kept(() => this.work.leave(row.dataset.visit), words.removed);
  }

  // Whether anything can be kept here; says why not.
  async can() {
    if (this.bad) return this.refuse(words.badKeys);
    await this.prepare().catch(() => undefined);
    return this.work ? true : this.refuse(words.noKeys);
  }

  async kept(act, said) {
    if (!(await this.can())) return false;
    if (!this.here.signs && said === words.given) return this.refuse(words.who);
    try {
      this.here.kit = kitInHand() ?? this.here.kit;
      await act();
    } catch (error) {
      return this.refuse(error instanceof RangeError ? words.tooLong : error instanceof this.NoKit ? words.noKit : words.noKeys);
    }
    say(said);
    await this.show();
    return true;
  }

  refuse(why) {
    say(why, false);
    return false;
  }

  async bring() {
    const { bring } = await import("./post.js");
    await bring(words.deposit, this.here);
    const left = new Set((await entries()).map((entry) => entry.id));
    this.work?.forget(left);
    return this.show();
  }

  // The counter answers: brings what is kept, then has it taken in with this page's session.
  async back() {
    const had = (await entries()).length;
    if (had) await this.bring();
    await this.show();
    if (alone) return this.goOn();
    const answer = await ask(desk.dataset.take, {});
    if (!answer?.ok) return undefined;
    put(document.getElementById("news"), await answer.text());
    return had ? this.refresh() : undefined;
  }

  // To the counter's own page, unless somebody is typing here.
  goOn() {
    document.getElementById("away_back").hidden = false;
    const typing = document.querySelector("dialog[open]") || document.getElementById("box").value;
    if (!typing) window.location.replace(desk.dataset.desk);
  }

  async listen() {
    const answer = await fetch(words.health, { cache: "no-store" }).catch(() => null);
    link.heard(answer?.ok ? answer : null);
    if (answer?.ok && !document.getElementById("away_back").hidden) await this.back();
    window.setTimeout(() => this.listen(), AGAIN_MS);
  }
}

function kitInHand() {
  const told = document.querySelector("#kit [data-told]")?.dataset.told;
  return told ? JSON.parse(told) : null;
}

export const away = new Away();
