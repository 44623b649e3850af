"use strict";

// Suggests topics while somebody types: the combobox of the ARIA Authoring Practices Guide, with a list and manual
// selection. Without this script the form sends the words to a page with the results.
for (const form of document.querySelectorAll("form.search")) {
  const most = 8;
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const list = document.createElement("ul");
  list.id = `${input.id}_topics`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-labelledby", form.querySelector("label").id);
  form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
    "aria-haspopup": "listbox",
  })) {
    input.setAttribute(name, value);
  }

  let active = -1;
  let asked = "";
  let isAsking = false;

  // A site of files has a script that finds topics.
  let finder;
  const loaded = () => {
    finder ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = form.dataset.finder;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return finder;
  };

  // The service is asked by POST, so that no words are in an address.
  const find = async (text) => {
    if (form.dataset.finder) {
      await loaded();
      const found = window.findTopics(text);
      return found.isPartial ? [] : found.topics.slice(0, most);
    }
    const body = new URLSearchParams({ q: text, lang: form.dataset.language, unfinished: "true", limit: most });
    const answer = await fetch(form.dataset.service, { method: "POST", body, headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).hits : [];
  };

  // One question at a time; what was typed meanwhile is asked next.
  const ask = async () => {
    asked = input.value.trim();
    if (isAsking) {
      return;
    }
    isAsking = true;
    let text;
    let topics = [];
    do {
      text = asked;
      topics = text ? await find(text).catch(() => []) : [];
    } while (text !== asked);
    isAsking = false;
    if (document.activeElement === input) {
      show(text, topics);
    }
  };

  const show = (text, topics) => {
    list.replaceChildren(
      ...topics.map((topic, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}_${place}`;
        option.setAttribute("role", "option");
        option.dataset.address = form.dataset.topic.replace("{topic}", topic.id);
        option.textContent = topic.title;
        return option;
      }),
    );
    choose(-1);
    expand(topics.length > 0);
    announce(text && (topics.length ? "some" : "none"), topics.length);
  };

  const expand = (isOpen) => {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) {
      choose(-1);
    }
  };

  const announce = (name, count) => {
    status.replaceChildren();
    if (name) {
      status.append(form.querySelector(`template[data-say=${name}]`).content.cloneNode(true));
      for (const node of [status.firstChild, ...status.querySelectorAll("*")]) {
        if (!node.firstElementChild) {
          node.textContent = node.textContent.replace("{count}", count);
        }
      }
    }
  };

  const choose = (place) => {
    active = place;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    if (place < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    }
  };

  const move = (step) => {
    const count = list.children.length;
    if (count && list.hidden) {
      expand(true);
    }
    if (count) {
      // One place is that of the text itself, before the first topic and after the last.
      choose(((active + 1 + step + count + 1) % (count + 1)) - 1);
    }
  };

  // The page of results of a site of files: what to show is in its address, and its words are in templates, so that it
  // says what that of the service says.
  const report = async (results) => {
    const text = new URLSearchParams(location.search).get("q")?.trim();
    if (!text) {
      return;
    }
    input.value = text;
    await loaded();
    const { topics, isPartial } = window.findTopics(text);
    const said = (name, values = {}) => {
      const content = document.querySelector(`template[data-results=${name}]`).content.cloneNode(true);
      const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        for (const [key, value] of Object.entries(values)) {
          walker.currentNode.data = walker.currentNode.data.replace(`{${key}}`, () => value);
        }
      }
      return content;
    };
    const heading = document.querySelector("h1");
    document.title = document.title.replace(heading.textContent, said("heading", { words: text }).textContent);
    heading.replaceChildren(said("heading", { words: text }));
    const summary = document.createElement("div");
    summary.setAttribute("role", "status");
    results.before(summary);
    if (!topics.length) {
      summary.append(said("none"));
      return;
    }
    summary.append(said("some", { count: topics.length }), ...(isPartial ? [said("partial")] : []));
    results.append(
      ...topics.map((topic) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        const description = document.createElement("p");
        link.href = form.dataset.topic.replace("{topic}", topic.id);
        link.textContent = topic.title;
        description.textContent = topic.description;
        item.append(link, description);
        return item;
      }),
    );
  };
  if (form.dataset.finder) {
    const results = document.querySelector("[data-found]");
    if (results) {
      report(results);
    }
  }

  input.addEventListener("input", ask);
  input.addEventListener("blur", () => expand(false));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) {
      return;
    }
    if (event.key === "ArrowDown" && !event.altKey) {
      move(1);
    } else if (event.key === "ArrowDown") {
      expand(list.children.length > 0);
    } else if (event.key === "ArrowUp") {
      move(-1);
    } else if (event.key === "Escape" && !list.hidden) {
      expand(false);
    } else if (event.key === "Enter" && active >= 0) {
      location.assign(list.children[active].dataset.address);
    } else {
      return;
    }
    event.preventDefault();
  });
  // The input keeps the focus, so that the list stays until the click is done.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      location.assign(option.dataset.address);
    }
  });
}
