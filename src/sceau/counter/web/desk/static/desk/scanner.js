// A barcode scanner types like a keyboard, but much faster than a hand, and ends with Enter. Anywhere on the page.
const FASTEST_HAND_MS = 35;
const SHORTEST = 14;

export function watchScanner(read) {
  let text = "";
  let last = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      const quick = event.timeStamp - last < FASTEST_HAND_MS;
      last = event.timeStamp;
      if (event.key === "Enter") {
        if (quick && text.length >= SHORTEST && /^[\]0-9(]/.test(text)) {
          event.preventDefault();
          event.stopPropagation();
          const field = document.activeElement;
          if (field instanceof HTMLInputElement && field.value.endsWith(text)) field.value = field.value.slice(0, -text.length);
          read(text);
        }
        text = "";
      } else if (event.key.length === 1) text = quick ? text + event.key : event.key;
      else if (event.key === "F8" || event.code === "BracketRight") text += quick ? "\u001d" : "";
    },
    true,
  );
}
