// A barcode scanner types like a keyboard and ends with Enter, anywhere on the page. Nothing else that one types begins like a box of
// kits, so the speed decides nothing: a slow computer reads it too, and so can a hand. A pause parts it from what was typed before.
const PAUSE_MS = 500;
const BOX = /^(\](C1|d2|e0|Q3))?(\(01\)|01)\d{14}/;

export function watchScanner(read) {
  let text = "";
  let last = 0;

  function typed(char, at) {
    if (at - last > PAUSE_MS) text = "";
    text += char;
    last = at;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter") {
        if (BOX.test(text)) {
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
