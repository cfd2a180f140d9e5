// A barcode scanner types like a keyboard, but faster than a hand, and ends with Enter. Anywhere on the page.
const PAUSE_MS = 120;
const FASTEST_HAND_MS = 50;
const BOX = /^(\](C1|d2|e0|Q3))?(\(01\)|01)\d{14}/;

export function watchScanner(read) {
  let text = "";
  let began = 0;
  let last = 0;

  function typed(char, at) {
    if (at - last > PAUSE_MS) text = "";
    if (!text) began = at;
    text += char;
    last = at;
  }

  function scanned(at) {
    return BOX.test(text) && (at - began) / text.length < FASTEST_HAND_MS;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter") {
        if (scanned(event.timeStamp)) {
          event.preventDefault();
          event.stopPropagation();
          const field = document.activeElement;
          if (field instanceof HTMLInputElement && field.value.endsWith(text)) field.value = field.value.slice(0, -text.length);
          read(text);
        }
        text = "";
      } else if (event.key.length === 1) typed(event.key, event.timeStamp);
      else if (event.key === "F8" || event.code === "BracketRight") typed("\u001d", event.timeStamp);
      else if (event.key !== "Shift") text = "";
    },
    true,
  );
}
