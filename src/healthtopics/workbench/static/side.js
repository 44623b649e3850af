// One side of a preview: every message can be edited, by a click or by its badge, and shows its findings.
"use strict";

const CONTROL = "a, button, summary, label";

function outside(element) {
  // A link cannot stand in a control: what belongs to a message in one stands after it.
  return element.closest(CONTROL) ?? element;
}

function remark(message) {
  const said = message.dataset.said;
  const where = document.createElement("a");
  where.className = "where";
  where.href = message.dataset.where;
  where.textContent = "✎";
  const state = said.split("\n")[0];
  const words = message.textContent.trim();
  where.setAttribute("aria-label", `Edit “${words.length > 40 ? `${words.slice(0, 40)}…` : words}”${state ? `: ${state}` : ""}`);
  where.lang = "en";
  where.dir = "ltr";
  const place = outside(message);
  place.after(where);
  const changed = JSON.parse(message.dataset.changed || "[]");
  if (said || changed.length) {
    const note = document.createElement("span");
    note.className = "remark";
    note.lang = "en";
    note.dir = "ltr";
    const lines = said.split("\n").filter(Boolean).map(coded);
    if (changed.length) lines.splice(1, 0, ["The English has changed: ", ...changed.map(part)]);
    note.append(...lines.flatMap((line, index) => (index ? ["\n", ...line] : line)));
    where.after(note);
  }
}

function decorate() {
  // Other links lead out of the frame, to the whole page of what they name.
  for (const link of document.querySelectorAll('a[href^="#"]')) link.target = "_self";
  // Screen readers list the landmarks of all frames together.
  const name = `${document.title} (${document.documentElement.lang})`;
  for (const landmark of document.querySelectorAll("body > :is(header, main, footer), aside")) landmark.setAttribute("aria-label", name);
  let before = null;
  for (const message of document.querySelectorAll(".message")) {
    // The lines of a list are one message: it is linked once.
    if (message.closest(".skip")) continue; // out of sight until it has the focus
    // The words around the page have a page of their own: here only what is to be done is marked.
    if (message.closest("header, footer, nav, form, aside") && !message.dataset.said) continue;
    if (!before || before.dataset.where !== message.dataset.where || !message.dataset.id) remark(message);
    before = message;
  }
}

let shown = null;

// The page around this one calls it: a message, brought into view.
function show(id) {
  shown = id;
  for (const before of document.querySelectorAll(".found")) before.classList.remove("found");
  const message = messageOf(id);
  if (!message) return false;
  message.classList.add("found");
  for (let fold = message.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  center(message);
  return true;
}

// A heading is in the table of contents, too: the text itself counts.
function messageOf(id) {
  const all = [...document.querySelectorAll(`.message[data-id="${CSS.escape(id)}"]`)];
  return all.find((each) => !each.closest("header, footer, nav, form, aside, .skip")) ?? all[0];
}

// Not `scrollIntoView`, which also moves the page around this one.
function center(message) {
  const { top, height } = message.getBoundingClientRect();
  const room = Math.max(0, window.innerHeight - height) / 2;
  window.scrollTo({ top: window.scrollY + top - room, behavior: "instant" });
  settled = window.scrollY;
}

// The message that is edited stays in sight when the editor takes a part of the window.
window.addEventListener("resize", () => {
  const message = shown ? messageOf(shown) : null;
  if (message) center(message);
});

// Where this side has been put by the page around it: only what goes beyond is the reader's own scrolling.
let settled = null;

const places = () => [...document.querySelectorAll(".message[data-place]:not([data-place=''])")];
const end = () => document.documentElement.scrollHeight - window.innerHeight;

// What is at the top: a message, and how much of it, from 0 to 1, is out of sight; or one of both ends.
function atTop() {
  if (window.scrollY <= 1) return { edge: "start" };
  if (window.scrollY >= end() - 1) return { edge: "end" };
  for (const message of places()) {
    const { top, bottom, height } = message.getBoundingClientRect();
    if (bottom > 0) return { place: message.dataset.place, gone: Math.max(0, -top / height), below: Math.max(0, top) };
  }
  return { edge: "end" };
}

// The page around this one calls it: what is at the top of the other side comes to the top of this one.
function bring(wanted) {
  if (wanted.edge) {
    window.scrollTo(0, wanted.edge === "start" ? 0 : end());
  } else {
    const message = places().find((each) => each.dataset.place === wanted.place);
    if (!message) return;
    const { top, height } = message.getBoundingClientRect();
    window.scrollTo(0, window.scrollY + top + height * wanted.gone - wanted.below);
  }
  settled = window.scrollY;
}

window.addEventListener("scroll", () => {
  if (settled !== null && Math.abs(window.scrollY - settled) < 1) return;
  settled = null;
  window.parent.scrolled?.(window, atTop());
});

// What has changed in the file, without losing the reader's place.
function follow(text) {
  const next = new DOMParser().parseFromString(text, "text/html");
  const before = shown ? messageOf(shown)?.getBoundingClientRect() : null;
  const isSeen = before && before.bottom > 0 && before.top < window.innerHeight;
  const place = window.scrollY;
  document.title = next.title;
  const refocus = replaceKeepingFocus(document.body, document.adoptNode(next.body));
  decorate();
  const message = shown ? messageOf(shown) : null;
  message?.classList.add("found");
  refocus();
  // What is edited stays where it was, although marks above it may have come or gone.
  const moved = isSeen && message ? message.getBoundingClientRect().top + window.scrollY - before.top : place;
  window.scrollTo({ top: moved, behavior: "instant" });
  settled = window.scrollY;
}

// A click on a text edits it; links and other controls do what they do, and text can still be selected.
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !window.parent.edit) return;
  const badge = event.target.closest("a.where");
  const message = event.target.closest(CONTROL) ? null : event.target.closest(".message");
  const where = badge?.getAttribute("href") ?? message?.dataset.where;
  if (!where?.includes("#") || (message && !window.getSelection().isCollapsed)) return;
  event.preventDefault();
  window.parent.edit(where);
});

decorate();
window.show = show;
window.bring = bring;
window.follow = follow;
window.parent.postMessage("ready", window.location.origin);
