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
  if (said) {
    const note = document.createElement("span");
    note.className = "remark";
    note.lang = "en";
    note.dir = "ltr";
    note.textContent = said;
    where.after(note);
  }
}

function decorate() {
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
  return true;
}

// What has changed in the file, without losing the reader's place.
function follow(text) {
  const next = new DOMParser().parseFromString(text, "text/html");
  const place = window.scrollY;
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  decorate();
  window.scrollTo(0, place);
}

decorate();
window.show = show;
window.follow = follow;
window.parent.postMessage("ready", window.location.origin);
