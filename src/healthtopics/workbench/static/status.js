// The first page: which catalogues are shown, in which order, and a search in all of them.
"use strict";

{
  const filter = document.getElementById("filter");
  const sort = document.getElementById("sort");

  // “Next to do” goes on through what is to do; any other link through the list of its page.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) window.sessionStorage.setItem("walk", link.closest("#next") ? "todo" : "list");
  });

  const title = (row) => row.querySelector("th").textContent;
  const byTitle = (one, other) => title(one).localeCompare(title(other));

  function arrange() {
    for (const body of document.querySelectorAll("tbody")) {
      const rows = [...body.rows].sort((one, other) => {
        const most = sort.value === "title" ? 0 : other.dataset[sort.value] - one.dataset[sort.value];
        return most || byTitle(one, other);
      });
      if (rows.some((row, place) => body.rows[place] !== row)) body.append(...rows);
      for (const row of rows) row.hidden = filter.value !== "all" && row.dataset[filter.value] === "0";
    }
  }

  async function find(phrase) {
    const sections = [...document.querySelectorAll("section[data-language]")];
    const lists = sections.map(async ({ dataset: { language, direction } }) => {
      const query = new URLSearchParams({ language, phrase });
      const { found } = await (await fetch(`/workbench/concordance?${query}`)).json();
      return (found ?? []).map((each) => {
        const line = element("li", "");
        const link = element("a", each.english, { href: `/${language}/${each.catalogue}#${each.id}` });
        const text = element("span", each.text, { lang: language, dir: direction });
        line.append(link, " ", text, " ", element("span", each.catalogue, { class: "quiet" }));
        return line;
      });
    });
    const lines = (await Promise.all(lists)).flat();
    const list = element("ol", "", { class: "queue" });
    list.append(...lines);
    document.getElementById("found").replaceChildren(lines.length ? list : element("p", "Nothing was found."));
  }

  for (const control of [filter, sort]) control.addEventListener("change", arrange);
  document.getElementById("look-up").addEventListener("submit", (event) => {
    event.preventDefault();
    find(document.getElementById("phrase").value).catch((error) => tell(`No answer: ${error.message}.`, true));
  });
  window.list = { arrange };
}
