// Sends a table from this browser to the registry's door, says what the door answers row by row, then what became of each row.
// The file is read by nobody else: the page's own server gives a token and the door's address, and sees no row.
const form = document.getElementById("table");
const part = (id) => document.getElementById(id);
const looks = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

function wrong(...lines) {
  part("why").replaceChildren(...lines.flatMap((line, nth) => (nth ? [document.createElement("br"), line] : [line])));
  part("wrong").hidden = false;
  part("wrong").focus();
}

async function knock() {
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  if (response.redirected) {
    window.location.assign(response.url);
    return null;
  }
  return response.ok ? response.json() : null;
}

// Not `fetch`, which does not tell how much of a body has left.
function send(file, { address, token }) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("POST", address);
    call.setRequestHeader("Authorization", `Bearer ${token}`);
    call.setRequestHeader("Content-Type", "text/csv");
    call.setRequestHeader("Accept-Language", document.documentElement.lang);
    call.upload.addEventListener("progress", (event) => {
      part("progress").max = event.total;
      part("progress").value = event.loaded;
    });
    call.addEventListener("load", () => resolve(JSON.parse(call.responseText)));
    call.addEventListener("error", () => reject(new Error(form.dataset.away)));
    call.send(file);
  });
}

function cell(kind, ...content) {
  const made = document.createElement("td");
  made.setAttribute("role", "cell");
  made.className = kind;
  made.append(...content);
  return made;
}

function line({ row, problems }) {
  const made = document.createElement("tr");
  made.setAttribute("role", "row");
  const told = problems.map(({ text }) => {
    const one = document.createElement("p");
    one.textContent = text;
    return one;
  });
  made.append(cell("number", row ? String(row) : part("problems").dataset.whole), cell("", ...told));
  return made;
}

// A cell that a spreadsheet would take for a formula begins with an apostrophe.
const quoted = (text) => `"${text.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;

function table(refused) {
  const rows = refused.flatMap(({ row, problems }) => problems.map(({ where, trouble, text }) => [String(row), where, trouble, text]));
  return [["row", "where", "problem", "text"], ...rows].map((cells) => cells.map(quoted).join(",")).join("\r\n") + "\r\n";
}

function show({ rows, taken, refused }) {
  part("rows").textContent = rows.toLocaleString(document.documentElement.lang);
  part("taken").textContent = taken.toLocaleString(document.documentElement.lang);
  part("refused").textContent = (rows - taken).toLocaleString(document.documentElement.lang);
  part("problems").replaceChildren(...refused.map(line));
  part("list").hidden = refused.length === 0;
  URL.revokeObjectURL(part("download").href);
  part("download").href = URL.createObjectURL(new Blob([table(refused)], { type: "text/csv" }));
  part("answer").hidden = false;
  part("answer").focus();
}

async function became(submission) {
  for (const pause of looks) {
    await new Promise((done) => window.setTimeout(done, pause));
    const response = await fetch(form.dataset.answer + submission, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (!response?.ok || response.redirected) continue;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const live = page.getElementById("live");
    if (live === null) continue;
    part("became").replaceChildren(document.adoptNode(live));
    if (live.dataset.state === "done") return;
  }
}

async function take(file) {
  const door = await knock();
  if (door === null) return wrong(form.dataset.over);
  part("progress").hidden = false;
  const told = await send(file, door);
  if (told.title) return wrong(told.title, ...(told.detail ? [told.detail] : []));
  if (told.submission === null) return wrong(...told.refused.flatMap(({ problems }) => problems.map(({ text }) => text)));
  show(told);
  if (told.taken) await became(told.submission);
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = part("file").files;
  const button = form.querySelector("button[type=submit]");
  for (const id of ["wrong", "answer", "progress"]) part(id).hidden = true;
  part("became").replaceChildren();
  if (file.size === 0) return wrong(form.dataset.empty);
  if (file.size > Number(form.dataset.most)) return wrong(form.dataset.large);
  button.disabled = true;
  try {
    await take(file);
  } catch {
    wrong(form.dataset.away);
  } finally {
    button.disabled = false;
    part("progress").hidden = true;
  }
});
