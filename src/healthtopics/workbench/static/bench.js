// The workbench follows the files: when one is saved, what it shows is asked for again.
"use strict";

const said = document.getElementById("said");
const frames = () => [...document.querySelectorAll("iframe")];

async function text(address) {
  const response = await fetch(address, { headers: { accept: "text/html" } });
  return { ok: response.ok, text: await response.text() };
}

function replace(next, id) {
  const old = document.getElementById(id);
  const fresh = next.getElementById(id);
  if (!old) return;
  const open = old.querySelector("details")?.open;
  if (fresh) old.replaceWith(document.adoptNode(fresh));
  const details = document.getElementById(id)?.querySelector("details");
  if (details && open) details.open = true;
}

async function follow() {
  const page = await text(window.location.pathname);
  const next = new DOMParser().parseFromString(page.text, "text/html");
  const broken = document.getElementById("broken");
  if (!page.ok) {
    const problems = next.getElementById("problems");
    if (broken && problems) broken.replaceChildren(document.adoptNode(problems));
    else window.location.reload();
    said.textContent = "A file cannot be read; what is shown below is the last state that could be.";
    return;
  }
  if (document.getElementById("problems") && !broken) {
    window.location.reload();
    return;
  }
  broken?.replaceChildren();
  if (document.querySelectorAll("iframe").length !== next.querySelectorAll("iframe").length) {
    window.location.reload();
    return;
  }
  for (const id of ["state", "lines", "whole"]) replace(next, id);
  await Promise.all(
    frames().map(async (frame) => {
      const side = await text(frame.getAttribute("src"));
      if (side.ok) frame.contentWindow.follow(side.text);
    }),
  );
  const state = document.querySelector("#state .bar")?.textContent.trim().replace(/\s+/g, " ");
  said.textContent = `Changed. ${state ?? ""}`.trim();
}

// `#L12` is the line of a catalogue: both sides show its message.
function find() {
  const line = /^#L([0-9]+)$/.exec(window.location.hash)?.[1];
  if (!line) return;
  for (const frame of frames()) frame.contentWindow.show?.(line);
}

// One after the other, so that an older answer never stands over a newer one.
let running = Promise.resolve();
let seen = document.documentElement.dataset.version;
const events = new EventSource("/events");
events.addEventListener("version", (event) => {
  document.documentElement.dataset.live = event.data;
  if (event.data === seen) return;
  seen = event.data;
  running = running.then(follow).catch((error) => {
    said.textContent = `The preview does not answer: ${error.message}. Is it still running?`;
  });
});
events.addEventListener("error", () => {
  said.textContent = "The preview has been stopped: this page no longer follows the files.";
});
window.addEventListener("hashchange", find);
window.addEventListener("message", (event) => {
  if (event.origin === window.location.origin && event.data === "ready") find();
});
find();
