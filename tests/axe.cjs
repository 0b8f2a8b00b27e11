// What axe-core finds on pages in Chromium, light and dark, on a phone and on a desk.
// node axe.cjs CHROMIUM PAGE... → one JSON array: {page, scheme, width, id, impact, nodes} each,
// and {page, width, wider} for a page that is wider than its window, with text of 200 % too.
"use strict";
const fs = require("fs");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [executablePath, ...pages] = process.argv.slice(2);
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

async function look(context, page, scheme, width, found) {
  const tab = await context.newPage();
  await tab.goto("file://" + page);
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, impact, nodes } of violations) {
    found.push({ page, scheme, width, id, impact, nodes: nodes.map((node) => node.html.slice(0, 200)) });
  }
  const overhang = () => document.documentElement.scrollWidth - innerWidth;
  const wider = await tab.evaluate(overhang);
  if (wider > 0) found.push({ page, width, wider });
  // WCAG 1.4.4: text twice as large, on a window twice as wide as a phone's.
  await tab.setViewportSize({ width: Math.max(width, 640), height: 800 });
  await tab.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
  const widerWithLargeText = await tab.evaluate(overhang);
  if (widerWithLargeText > 0) found.push({ page, width, widerWithLargeText });
  await tab.close();
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: QUIET });
  const found = [];
  for (const scheme of ["light", "dark"]) {
    for (const width of [320, 1000]) {
      const context = await browser.newContext({
        colorScheme: scheme, viewport: { width, height: 800 }, bypassCSP: true,
      });
      for (const page of pages) await look(context, page, scheme, width, found);
      await context.close();
    }
  }
  await browser.close();
  console.log(JSON.stringify(found));
})();
