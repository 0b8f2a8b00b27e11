// What pages do in Chromium, from the disk, one browser for all of them.
// node visit.cjs CHROMIUM PAGE... → one JSON array: {page, asked}, {page, violated} and {page, said}
// for each request to anything but files, each breach of the content policy, each message on the
// console; {page, stuck} where the Tab key does not reach each link, control and summary in order.
"use strict";
const { chromium } = require("playwright-core");
const [executablePath, ...pages] = process.argv.slice(2);

function countFocusable() {
  const all = [...document.querySelectorAll("a[href], button, input, summary, video, [tabindex='0']")];
  return all.filter((element) => element.checkVisibility()).length;
}

async function walk(tab) {
  const wanted = await tab.evaluate(countFocusable);
  await tab.evaluate(() => { document.body.tabIndex = -1; document.body.focus(); });
  let reached = 0;
  while (reached < Math.min(wanted, 60)) {
    await tab.keyboard.press("Tab");
    const place = await tab.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      const isNew = at !== window.lastFocused;
      window.lastFocused = at;
      // The controls of a film are the browser's own: several stops inside one element.
      return { isNew, isSeen: at.localName === "video" || at.matches(":focus-visible") };
    });
    if (!place) return `only ${reached} of ${wanted}`;
    if (!place.isSeen) return `number ${reached} does not show that it has the focus`;
    if (place.isNew) reached += 1;
  }
  return null;
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const context = await browser.newContext();
  await context.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
  const found = [];
  for (const page of pages) {
    const tab = await context.newPage();
    tab.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) found.push({ page, asked: request.url() });
    });
    tab.on("console", (message) => {
      const key = message.text().startsWith("policy:") ? "violated" : "said";
      found.push({ page, [key]: message.text() });
    });
    tab.on("pageerror", (error) => found.push({ page, said: String(error) }));
    await tab.goto("file://" + page);
    const stuck = await walk(tab);
    if (stuck) found.push({ page, stuck });
    await tab.close();
  }
  await browser.close();
  console.log(JSON.stringify(found));
})();
