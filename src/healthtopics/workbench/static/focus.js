// What is replaced while somebody is in it: the keyboard stays where it was.
"use strict";

const CONTROLS = "a[href], button, input, summary, [tabindex]";

// Where an element stands among its like: links by their address, others by what they are.
function likeness(element) {
  return element.getAttribute("href") ?? (element.id || element.localName);
}

function like(root, wanted) {
  return [...root.querySelectorAll(CONTROLS)].filter((each) => likeness(each) === wanted);
}

function replaceKeepingFocus(old, fresh) {
  const focused = document.hasFocus() && old.contains(document.activeElement) ? document.activeElement : null;
  const name = focused && focused !== old ? likeness(focused) : null;
  const position = name === null ? -1 : like(old, name).indexOf(focused);
  old.replaceWith(fresh);
  return () => {
    if (position < 0) return;
    const found = like(fresh, name);
    const target = found[Math.min(position, found.length - 1)] ?? fresh;
    if (target === fresh) fresh.tabIndex = -1;
    target.focus({ preventScroll: true });
  };
}
