"use strict";
const MOST = 100;
const bare = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const rows = JSON.parse(document.getElementById("index").textContent).map((row) => ({
  row, words: bare(row.slice(1).join(" ")),
}));
const field = document.getElementById("query");
const list = document.getElementById("found");
const state = document.getElementById("state");
const hint = state.textContent;
function add(parent, name, text, kind) {
  const element = document.createElement(name);
  element.textContent = text;
  if (kind) element.className = kind;
  if (parent.hasChildNodes()) parent.append(" ");
  parent.append(element);
  return element;
}
function show([page, name, handle, date, excerpt, level, absence, reason, takenDown]) {
  const item = document.createElement("li");
  const head = add(item, "p", "");
  const link = add(head, "a", "");
  link.href = page;
  add(link, "bdi", name);
  if (handle) add(head, "bdi", "@" + handle, "quiet");
  if (date) add(head, "span", "· " + date, "quiet");
  add(item, "p", excerpt, "excerpt").dir = "auto";
  const foot = add(item, "p", "", "quiet");
  add(foot, "span", level, "mark " + level.toLowerCase());
  if (takenDown) {
    add(foot, "span", "·");
    add(foot, "span", takenDown, "gone");
  }
  if (absence) {
    add(foot, "span", "·");
    add(foot, "span", absence, "gone");
    if (reason) foot.append(": " + reason);
  }
  list.append(item);
}
function search() {
  // Handles stand in the index without their sign.
  const wanted = bare(field.value).split(/\s+/).map((word) => word.replace(/^@/, "")).filter(Boolean);
  list.replaceChildren();
  if (!wanted.length) { state.textContent = hint; return; }
  const found = rows.filter(({ words }) => wanted.every((word) => words.includes(word)));
  found.slice(0, MOST).forEach(({ row }) => show(row));
  const count = found.length === 1 ? "1 post" : (found.length ? found.length.toLocaleString("en") : "No") + " posts";
  state.textContent = found.length > MOST ? count + "; the newest " + MOST + " are shown" : count;
}
// What is asked can be given behind the page's address: search.html#harbour%20bell
function fromAddress() {
  try { field.value = decodeURIComponent(location.hash.slice(1)); } catch { field.value = ""; }
  search();
}
field.addEventListener("input", search);
addEventListener("hashchange", fromAddress);
fromAddress();
