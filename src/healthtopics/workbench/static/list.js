// The list of messages: filter, order, search, and the way from one to the next.
"use strict";

{
  const filter = document.getElementById("filter");
  const sort = document.getElementById("sort");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const URGENCY = ["blocked", "fuzzy", "missing", "review", "warned", "done"];
  const TO_DO = URGENCY.slice(0, 4);
  const FILTERS = {
    all: () => true,
    todo: (row) => TO_DO.includes(row.dataset.work),
    safety: (row) => "safety" in row.dataset,
    asked: (row) => "asked" in row.dataset,
    draft: (row) => "draft" in row.dataset,
  };

  const rows = () => [...document.querySelectorAll("#rows > li")];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function isShown(row) {
    const fits = FILTERS[filter.value] ?? ((each) => each.dataset.work === filter.value);
    return fits(row) && plain(row.textContent).includes(plain(search.value.trim()));
  }

  function weight(row) {
    return URGENCY.indexOf(row.dataset.work) * 2 + ("safety" in row.dataset ? 0 : 1);
  }

  const inPage = (one, other) => one.dataset.place - other.dataset.place;
  const byUrgency = (one, other) => weight(one) - weight(other) || inPage(one, other);

  function arrange() {
    const drafts = window.drafts();
    for (const row of rows()) {
      const isDraft = drafts.has(row.dataset.id);
      if (isDraft === "draft" in row.dataset) continue;
      row.toggleAttribute("data-draft", isDraft);
      if (isDraft) row.querySelector("a").prepend(element("span", "draft", { class: "mark draft" }), " ");
      else row.querySelector(".mark.draft")?.remove();
    }
    const ordered = rows().sort(sort.value === "urgent" ? byUrgency : inPage);
    const list = document.getElementById("rows");
    // Moving what has the focus would take it away.
    if (ordered.some((row, place) => list.children[place] !== row)) list.append(...ordered);
    for (const row of ordered) row.hidden = !isShown(row);
    const number = ordered.filter((row) => !row.hidden).length;
    shown.textContent = number === ordered.length ? "" : `${number} of ${ordered.length} messages`;
  }

  // The message after, or before, one in the list as it is shown; the first if there is no such one.
  function neighbour(id, step, isWanted = (row) => !row.hidden) {
    const all = rows();
    const at = all.findIndex((row) => row.dataset.id === id);
    for (let place = at + step, left = all.length; left > 0; place += step, left -= 1) {
      const row = all[(place + all.length) % all.length];
      if (isWanted(row)) return row.dataset.id;
    }
    return null;
  }

  // Not `scrollIntoView`, which would also move the page, away from the editor.
  function bringIntoList(link) {
    const list = document.getElementById("rows");
    const [outer, inner] = [list, link].map((each) => each.getBoundingClientRect());
    if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
    else if (inner.bottom > outer.bottom) list.scrollTop += Math.min(inner.bottom - outer.bottom, inner.top - outer.top);
  }

  function mark(id) {
    for (const link of document.querySelectorAll("#rows a")) {
      const isIt = link.hash === `#${id}`;
      link.toggleAttribute("aria-current", isIt);
      if (isIt) link.setAttribute("aria-current", "true");
      if (isIt) bringIntoList(link);
    }
  }

  for (const control of [filter, sort]) control.addEventListener("change", arrange);
  search.addEventListener("input", arrange);
  window.list = { arrange, neighbour, mark, nextToDo: (id) => neighbour(id, 1, FILTERS.todo) };
}
