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
  if (!fresh) return;
  const details = fresh.querySelector("details");
  if (details) details.open = old.querySelector("details")?.open ?? false;
  if (old.isEqualNode(fresh)) return;
  replaceKeepingFocus(old, document.adoptNode(fresh))();
}

function tell(words, isAlarm) {
  said.textContent = words;
  said.classList.toggle("quiet", !isAlarm);
  said.classList.toggle("alarm", isAlarm);
}

// A server that was started again knows another token. It may show another workspace, such as a copy.
function renew(next) {
  const [editor, fresh] = [document, next].map((each) => each.getElementById("editor"));
  if (!editor || !fresh) return true;
  if (editor.dataset.workspace !== fresh.dataset.workspace) return false;
  editor.dataset.token = fresh.dataset.token;
  return true;
}

async function follow() {
  const page = await text(window.location.pathname);
  const next = new DOMParser().parseFromString(page.text, "text/html");
  const broken = document.getElementById("broken");
  if (!page.ok) {
    const problems = next.getElementById("problems");
    if (broken && problems) broken.replaceChildren(document.adoptNode(problems));
    else window.location.reload();
    tell("A file cannot be read; what is shown below is the last state that could be.", true);
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
  if (!renew(next)) {
    tell("Another workspace is shown at this address now. This page is still the former one's: reload it to see the new one.", true);
    return;
  }
  for (const id of ["state", "next", "rows", "lines", "whole"]) replace(next, id);
  window.list?.arrange();
  await Promise.all(
    frames().map(async (frame) => {
      const side = await text(frame.getAttribute("src"));
      if (side.ok) frame.contentWindow.follow(side.text);
    }),
  );
  await window.refresh?.();
  const state = document.querySelector("#state .bar")?.textContent.trim().replace(/\s+/g, " ");
  tell(`Changed. ${state ?? ""}`.trim(), false);
}

// What stands above an entry belongs to it: its context, its findings, the English that it had.
function start(entry) {
  let first = entry;
  for (let above = entry.previousElementSibling; above; above = above.previousElementSibling) {
    if (above.id && !above.querySelector(".text").textContent.trim()) break;
    first = above;
  }
  const height = entry.getBoundingClientRect().bottom - first.getBoundingClientRect().top;
  return height < window.innerHeight ? first : entry;
}

// `#L12` is the line of a catalogue, shown from the start of its entry; `#m-0123` is a message, to be edited.
function find() {
  const [, line, id] = /^#(?:L([0-9]+)|(m-[0-9a-f]+))$/.exec(window.location.hash) ?? [];
  if (line) {
    const entry = document.getElementById(`L${line}`);
    if (entry) start(entry).scrollIntoView({ block: "start" });
  }
  const row = line ? document.querySelector(`#rows > li[data-line="${line}"]`) : null;
  const wanted = id ?? row?.dataset.id;
  if (wanted) window.edit?.(`${window.location.pathname}#${wanted}`, true);
}

// Both sides show the message that is edited.
function reveal(id) {
  for (const frame of frames()) frame.contentWindow.show?.(id);
}

// One after the other, so that an older answer never stands over a newer one.
let running = Promise.resolve();
let seen = document.documentElement.dataset.version;
const events = new EventSource("/events");
events.addEventListener("version", (event) => {
  document.documentElement.dataset.live = event.data;
  if (event.data === seen) {
    if (said.classList.contains("alarm")) tell("The preview answers again.", false);
    return;
  }
  seen = event.data;
  running = running.then(follow).catch((error) => {
    tell(`The preview does not answer: ${error.message}. Is it still running?`, true);
  });
});
events.addEventListener("error", () => {
  tell("The preview has been stopped: this page no longer follows the files.", true);
});
window.addEventListener("hashchange", find);
window.addEventListener("message", (event) => {
  if (event.origin !== window.location.origin || event.data !== "ready") return;
  showBadges();
  const id = window.location.hash.slice(1);
  if (id.startsWith("m-")) reveal(id);
});
window.addEventListener("load", find); // the browser has gone to the line itself by then

// A side that is scrolled takes the other one along, unless that is switched off.
const linked = document.getElementById("linked");
window.scrolled = (leader, place) => {
  if (!linked?.checked) return;
  for (const frame of frames()) if (frame.contentWindow !== leader) frame.contentWindow.bring?.(place);
};
if (linked) {
  linked.checked = window.localStorage.getItem("scrolling") !== "apart";
  linked.addEventListener("change", () => {
    window.localStorage.setItem("scrolling", linked.checked ? "together" : "apart");
  });
}

// The marks and remarks in both sides can be put out of sight; a click on a text edits it all the same.
const badges = document.getElementById("badges");
function showBadges() {
  if (!badges) return;
  for (const frame of frames()) frame.contentDocument?.documentElement?.classList.toggle("bare", !badges.checked);
}
if (badges) {
  badges.checked = window.localStorage.getItem("badges") !== "hidden";
  badges.addEventListener("change", () => {
    window.localStorage.setItem("badges", badges.checked ? "shown" : "hidden");
    showBadges();
  });
}

// A skip link into a frame moves the keyboard into it.
for (const link of document.querySelectorAll("a.skip[data-frame]")) {
  link.addEventListener("click", (event) => {
    const frame = document.querySelector(`iframe[name=${link.dataset.frame}]`);
    if (!frame) return;
    event.preventDefault();
    frame.focus();
  });
}
