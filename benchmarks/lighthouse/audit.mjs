// Lighthouse over pages in a Chromium that runs already: reads {port, pages: [{name, url}]} from standard input and writes
// one JSON line a page: the scores of accessibility and best practices (0 to 100), and what was found wrong.
import { readFileSync } from "node:fs";
import lighthouse from "lighthouse";

const { port, pages } = JSON.parse(readFileSync(0, "utf8"));
const CATEGORIES = ["accessibility", "best-practices"];

for (const { name, url } of pages) {
  const run = await lighthouse(url, { port, onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: "silent" });
  const { categories, audits, finalDisplayedUrl } = run.lhr;
  const refs = CATEGORIES.flatMap((category) => categories[category].auditRefs);
  const wrong = refs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1).map(({ id }) => id);
  const [accessibility, practices] = CATEGORIES.map((category) => Math.round(categories[category].score * 100));
  console.log(JSON.stringify({ name, accessibility, practices, wrong, elsewhere: finalDisplayedUrl !== url }));
}
