// Texts of the workbench as elements: the page around the sides uses it, and each side.
"use strict";

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text ?? "";
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
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

// One part of a difference between two texts.
function part([kind, text]) {
  return kind in CHANGES ? element(CHANGES[kind], text) : text;
}
