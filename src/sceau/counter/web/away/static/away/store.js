// What this computer keeps: sealed entries, and public facts about its pharmacy. Nothing that names a person is ever given to it in clear.
const NAME = "sceau-kept";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "id" });
      asked.result.createObjectStore("places", { keyPath: "pharmacy" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// One transaction; done when it is on the disk.
async function within(store, mode, act) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(store, mode, { durability: "strict" });
      const asked = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

// An entry: { id, visit, pharmacy, day, at, ticket, sealed }, in the order of time.
export async function entries() {
  const found = await within("entries", "readonly", (store) => store.getAll());
  return found.sort((one, other) => (one.at < other.at ? -1 : 1));
}

export const keep = (entry) => within("entries", "readwrite", (store) => store.put(entry));

export const remove = (ids) =>
  within("entries", "readwrite", (store) => {
    for (const id of ids) store.delete(id);
  });

// A pharmacy whose counter screen was open here: its keys of the coming days, its kit, and the key that this computer trusts.
export const savePlace = (place) => within("places", "readwrite", (store) => store.put(place));

export const place = (pharmacy) => within("places", "readonly", (store) => store.get(pharmacy));

export async function lastPlace() {
  const found = await within("places", "readonly", (store) => store.getAll());
  return found.sort((one, other) => other.saved - one.saved)[0] ?? null;
}
