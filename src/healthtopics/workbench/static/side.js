// One side of a preview: every message gets a link to its line in the catalogue, and its findings.
"use strict";

function outside(element) {
  // A link cannot stand in a link: what belongs to a message in one stands after it.
  return element.closest("a") ?? element;
}

function remark(message) {
  const said = message.dataset.said;
  const where = document.createElement("a");
  where.className = "where";
  where.href = message.dataset.where;
  where.textContent = message.dataset.line || "+";
  const state = said.split("\n")[0];
  where.setAttribute(
    "aria-label",
    (message.dataset.line ? `Line ${message.dataset.line} of the catalogue` : "In the catalogue") + (state ? `: ${state}` : ""),
  );
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

// What stands between backticks is code; one that has no partner is itself.
function coded(text) {
  const parts = text.split("`");
  return parts.map((each, index) => {
    if (index % 2 === 0) return each;
    return index === parts.length - 1 ? `\`${each}` : element("code", each);
  });
}

const CHANGES = { added: "ins", removed: "del" };

function part([kind, text]) {
  return kind in CHANGES ? element(CHANGES[kind], text) : text;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function decorate() {
  // Other links lead out of the frame, to the whole page of what they name.
  for (const link of document.querySelectorAll('a[href^="#"]')) link.target = "_self";
  // Screen readers list the landmarks of all frames together.
  const name = `${document.title} (${document.documentElement.lang})`;
  for (const landmark of document.querySelectorAll("body > :is(header, main, footer)")) landmark.setAttribute("aria-label", name);
  let before = null;
  for (const message of document.querySelectorAll(".message")) {
    // The lines of a list are one message: it is linked once.
    if (message.closest(".skip")) continue; // out of sight until it has the focus
    if (!before || before.dataset.where !== message.dataset.where || !message.dataset.line) remark(message);
    before = message;
  }
}

// The page around this one calls it: the message of that line, brought into view.
function show(line) {
  for (const before of document.querySelectorAll(".found")) before.classList.remove("found");
  const message = document.querySelector(`.message[data-line="${CSS.escape(line)}"]`);
  if (!message) return false;
  message.classList.add("found");
  message.scrollIntoView({ block: "center" });
  settled = window.scrollY;
  return true;
}

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
  const place = window.scrollY;
  document.title = next.title;
  const refocus = replaceKeepingFocus(document.body, document.adoptNode(next.body));
  decorate();
  refocus();
  window.scrollTo(0, place);
  settled = window.scrollY;
}

decorate();
window.show = show;
window.bring = bring;
window.follow = follow;
window.parent.postMessage("ready", window.location.origin);
