// What a person finds on pages, as Chromium shows them.
// node look.cjs CHROMIUM ROOT FOLDER PAGE... → a JSON array: what the first element that fits the
// selector ROOT shows, and what each page asked the network for. Every picture that is asked for
// there is answered with a pixel; nothing leaves the machine. Screenshots go to FOLDER.
"use strict";
const path = require("path");
const { chromium } = require("playwright-core");
const [executablePath, selector, folder, ...pages] = process.argv.slice(2);
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64");

function shown(selector) {
  const root = document.querySelector(selector);
  if (!root) return null;
  const all = (query) => [...root.querySelectorAll(query)];
  const inSight = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  function corners(element) {
    for (let at = element; at && at !== root; at = at.parentElement) {
      const radius = parseFloat(getComputedStyle(at).borderTopLeftRadius) || 0;
      const isShare = getComputedStyle(at).borderTopLeftRadius.endsWith("%");
      if (radius) return isShare ? radius / 100 : radius / at.getBoundingClientRect().width;
    }
    return 0;
  }
  return {
    words: root.innerText,
    names: all("[alt],[aria-label],[title]").filter(inSight).flatMap((element) =>
      ["alt", "aria-label", "title"].map((name) => element.getAttribute(name)).filter(Boolean)),
    links: all("a[href]").filter(inSight).map((a) => [a.innerText, a.href]),
    images: all("img").filter((i) => inSight(i) && i.complete && i.naturalWidth)
      .map((i) => [i.src, corners(i)])
      .concat(all("video[poster]").filter(inSight).map((v) => [v.poster, corners(v)])),
    languages: all("[lang]").map((element) => [element.lang, element.innerText]),
  };
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const context = await browser.newContext({ viewport: { width: 600, height: 900 } });
  const found = [];
  for (const page of pages) {
    const tab = await context.newPage();
    const asked = [];
    await tab.route(/^https?:/, (route) => {
      asked.push(route.request().url());
      return route.fulfill({ contentType: "image/png", body: PIXEL });
    });
    await tab.goto("file://" + page);
    await tab.waitForLoadState("networkidle");
    found.push({ asked, shown: await tab.evaluate(shown, selector) });
    await tab.screenshot({ path: path.join(folder, path.basename(page) + ".png"), fullPage: true });
    await tab.close();
  }
  await browser.close();
  console.log(JSON.stringify(found));
})();
