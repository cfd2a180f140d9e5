// Brings what is kept to the counter. An entry goes from here only when the counter has said that it lies there.
import { entries, remove } from "./store.js";
import { base64 } from "./trust.js";

const AT_ONCE = 20;

// Gives how many were brought; stops at the first answer that is no yes. Entries of another pharmacy go with that one's ticket.
export async function bring(address, place) {
  let brought = 0;
  for (const batch of batches(await entries(), place)) {
    const kept = await deposit(address, batch);
    if (kept === null) break;
    await remove(kept);
    brought += kept.length;
  }
  return brought;
}

function batches(kept, place) {
  const byTicket = Map.groupBy(kept, (entry) => (entry.pharmacy === place?.pharmacy ? place.ticket : entry.ticket));
  const found = [];
  for (const [ticket, all] of byTicket) {
    for (let at = 0; at < all.length; at += AT_ONCE) found.push({ ticket, entries: all.slice(at, at + AT_ONCE) });
  }
  return found;
}

async function deposit(address, { ticket, entries: batch }) {
  const told = { ticket, entries: batch.map((entry) => [entry.id, entry.day, base64(entry.sealed)]) };
  const asked = { method: "POST", body: JSON.stringify(told), headers: { "Content-Type": "application/json" }, credentials: "omit" };
  try {
    const answer = await fetch(address, { ...asked, cache: "no-store" });
    return answer.ok ? (await answer.json()).kept : null;
  } catch {
    return null;
  }
}
