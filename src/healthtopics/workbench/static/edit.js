// The editor of one message. What is typed is judged by the server, and kept in the browser until it is saved.
"use strict";

{
  const at = (id) => document.getElementById(id);
  const editor = at("editor");
  const area = at("text");
  const fuzzy = at("fuzzy");
  const { language, catalogue: own, direction } = editor.dataset;
  const PAUSE = 250; // milliseconds without a key after which a text is judged

  // The message that is open, as the server gave it; and the translation that the editor is based on.
  let open = null;
  let base = null;
  const done = [];
  const undone = [];

  const isOpen = () => !editor.hidden && open !== null;
  const isChanged = () => isOpen() && (area.value !== base.text || fuzzy.checked !== base.fuzzy);
  const say = (words, isAlarm = false) => window.tell(words, isAlarm);

  // ── the server ──

  async function renewToken() {
    const page = await fetch(window.location.pathname);
    const next = new DOMParser().parseFromString(await page.text(), "text/html");
    window.renew(next);
  }

  async function send(address, body, isSecond = false) {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "x-workbench-token": editor.dataset.token },
      body: JSON.stringify(body),
    });
    if (response.status === 403 && !isSecond) {
      await renewToken();
      return send(address, body, true);
    }
    return { isDone: response.ok, status: response.status, ...(await response.json()) };
  }

  const change = (message, version, what) =>
    send("/workbench/change", {
      language,
      catalogue: message.catalogue,
      key: message.key,
      base: version,
      ...what,
    });

  async function ask(address) {
    const response = await fetch(address);
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  }

  // ── drafts ──

  const PREFIX = `draft:${language}/`;
  const draftKey = (message) => `${PREFIX}${message.catalogue}/${message.id}`;

  function drafts() {
    const keys = Object.keys(window.localStorage).filter((key) => key.startsWith(`${PREFIX}${own}/`));
    return new Set(keys.map((key) => key.slice(key.lastIndexOf("/") + 1)));
  }

  function keepDraft() {
    if (isChanged()) {
      const draft = { text: area.value, fuzzy: fuzzy.checked, base };
      window.localStorage.setItem(draftKey(open), JSON.stringify(draft));
    } else dropDraft(open);
    window.list.arrange();
  }

  function dropDraft(message) {
    window.localStorage.removeItem(draftKey(message));
  }

  function draftOf(message) {
    return JSON.parse(window.localStorage.getItem(draftKey(message)) ?? "null");
  }

  // ── what is shown ──

  function button(words, act, attributes = {}) {
    const made = element("button", words, { type: "button", ...attributes });
    made.addEventListener("click", act);
    return made;
  }

  const translated = (text) => element("span", text, { lang: language, dir: direction, class: "kept" });

  function notice(words, ...buttons) {
    at("notice").replaceChildren(...(words ? [...words, " ", ...buttons] : []));
  }

  function showFindings(found) {
    const isSaved = !isChanged();
    const lines = found.map((each) => {
      const line = element("p", "", { class: each.level });
      line.append(element("strong", each.level === "error" ? "Error" : "Warning"), " ", element("code", each.check), " ");
      line.append(...coded(each.message), " ", ...coded(each.hint), " ");
      if (each.dismissible && isSaved) {
        line.append(button("The finding is wrong: dismiss it", () => act({ do: "dismiss", checks: [each.check] })));
      }
      return line;
    });
    const none = area.value ? "The checks find nothing." : "There is no translation yet.";
    at("findings").replaceChildren(...(lines.length ? lines : [element("p", none, { class: "quiet" })]));
  }

  function showLength() {
    const length = [...area.value].length;
    at("length").textContent = open.limit ? `${length} of ${open.limit} characters` : `${length} characters`;
  }

  function use(text) {
    area.value = text;
    area.dispatchEvent(new Event("input"));
    area.focus();
  }

  function showFormer() {
    const lines = [];
    if (open.parts.length) {
      const line = element("p", "The English has changed: ", { class: "kept" });
      line.append(...open.parts.map(part));
      lines.push(line);
    }
    if (open.former) {
      const line = element("p", "The former translation: ");
      line.append(translated(open.former));
      lines.push(line);
    }
    for (const remark of open.remarks) lines.push(element("p", remark, { class: "quiet kept" }));
    at("former").replaceChildren(...lines);
  }

  function suggestion(each) {
    const line = element("li", "");
    const where = each.catalogue === open.catalogue ? "this catalogue" : each.catalogue;
    line.append(translated(each.text), element("span", ` ${each.percent} %, ${where} `, { class: "quiet" }));
    if (each.percent < 100) {
      const english = element("p", "", { lang: "en", dir: "ltr" });
      english.append(...each.parts.map(part));
      line.append(english);
    }
    if (each.differs.length) line.append(element("p", `Not the same: ${each.differs.join("; ")}`));
    else line.append(button("Use", () => use(each.text), { "aria-label": `Use “${each.text}”` }));
    return line;
  }

  function pair(each, catalogue) {
    const line = element("li", "");
    const link = element("a", each.english, {
      href: `/${language}/${catalogue}#${each.id}`,
      lang: "en",
      dir: "ltr",
    });
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      edit(link.getAttribute("href"));
    });
    line.append(link, " ", translated(each.text));
    if (catalogue !== open?.catalogue) line.append(element("span", ` ${catalogue}`, { class: "quiet" }));
    return line;
  }

  function showNeighbours() {
    const [before, after] = open.neighbours;
    const lines = [];
    for (const [words, found] of [["Before", before], ["After", after]]) {
      if (!found.length) continue;
      const list = element("ul", "", { "aria-label": words });
      list.append(...found.map((each) => pair(each, open.catalogue)));
      lines.push(list);
    }
    at("neighbours").replaceChildren(...lines);
  }

  // An answer may be half typed when the files change: its form stays, or what was typed moves to the new form.
  let answering = "";
  function showQuestions() {
    const questions = open.questions ?? [];
    const shown = JSON.stringify([open.catalogue, open.id, questions]);
    if (shown === answering) return;
    answering = shown;
    const former = [...at("questions").querySelectorAll("input")];
    const typed = new Map(former.map((input) => [input.name, input.value]));
    const focused = former.find((input) => input === document.activeElement)?.name;
    const lines = questions.flatMap((each, number) => {
      const line = element("p", `${each.by}, ${each.date}: ${each.text}`);
      const answers = each.answers.map((said) => element("p", `↳ ${said.by}, ${said.date}: ${said.text}`));
      const form = element("form", "", { class: "bar" });
      const label = element("label", "Answer ");
      const input = element("input", "", { type: "text", maxlength: "2000", name: `${open.id} ${each.text}` });
      input.value = typed.get(input.name) ?? "";
      label.append(input);
      form.append(label, element("button", "Answer"));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        act({ do: "answer", number, text: input.value }, input);
      });
      return [line, ...answers, form];
    });
    at("questions").replaceChildren(...lines);
    if (focused) [...at("questions").querySelectorAll("input")].find((input) => input.name === focused)?.focus();
  }

  function showReview() {
    at("review").hidden = Boolean(open.review);
    at("review").disabled = !open.text || open.fuzzy || isChanged();
    const marks = [];
    if (open.safety) marks.push(element("span", "safety", { class: "mark" }));
    if (open.fuzzy) marks.push(element("span", "fuzzy", { class: "mark fuzzy" }));
    if (open.review) marks.push(element("span", `reviewed: ${open.review.by}, ${open.review.date}`, { class: "mark" }));
    at("marks").replaceChildren(...marks.flatMap((mark) => [mark, " "]));
  }

  function fillHelp() {
    at("source").textContent = open.key[1];
    showFormer();
    const context = open.comments.map((line) => element("p", line));
    if (open.line) context.push(element("p", `Line ${open.line} of the catalogue ${open.catalogue}.`, { class: "quiet" }));
    at("context").replaceChildren(...context);
    at("glossary-part").hidden = open.glossary.length === 0;
    at("glossary").replaceChildren(...open.glossary.map((term) => element("li", term)));
    at("suggestions-part").hidden = open.suggestions.length === 0;
    at("suggestions").replaceChildren(...open.suggestions.map(suggestion));
    showNeighbours();
    showQuestions();
    showReview();
    showLength();
    showFindings(open.findings);
  }

  function fill(message) {
    open = message;
    base = { text: message.text, fuzzy: message.fuzzy, version: message.version };
    area.value = message.text;
    fuzzy.checked = message.fuzzy;
    const isThere = message.version !== null;
    for (const each of [area, fuzzy, at("save"), at("save-next")]) each.disabled = !isThere;
    notice(isThere ? null : ["The catalogue does not have this message yet. Run ", element("code", "healthtopics catalogue update"), "."]);
    const draft = isThere ? draftOf(message) : null;
    if (draft && (draft.text !== base.text || draft.fuzzy !== base.fuzzy)) offer(draft);
    else if (draft) dropDraft(message);
    fillHelp();
    if (isChanged()) judge();
  }

  function offer(draft) {
    area.value = draft.text;
    fuzzy.checked = draft.fuzzy;
    const isOld = draft.base.version !== base.version;
    base = { ...base, version: draft.base.version };
    const discard = button("Discard the draft", () => {
      dropDraft(open);
      fill(open);
      window.list.arrange();
      area.focus();
    });
    if (isOld) conflict(open, discard);
    else notice(["This is a draft of yours that is not saved yet."], discard);
  }

  function conflict(theirs, ...more) {
    const take = button("Take that one", () => {
      dropDraft(theirs);
      fill(theirs);
      area.focus();
    });
    const keep = button("Save mine instead", () => {
      base = { text: theirs.text, fuzzy: theirs.fuzzy, version: theirs.version };
      save();
    });
    const words = "Another window or program has changed this translation. Yours is in the field. It is now: ";
    notice([words, theirs.text ? translated(theirs.text) : "empty", theirs.fuzzy ? " (fuzzy)" : ""], take, keep, ...more);
  }

  // ── what is done ──

  const detail = (catalogue, id) => ask(`/${language}/${catalogue}/messages/${id}`);

  let asked = 0;
  // Opens what an address names: `/es/fever#m-0123`, and moves the keyboard to it.
  async function edit(address) {
    const [path, id] = address.split("#");
    const catalogue = path.split("/")[2];
    const mine = (asked += 1);
    try {
      const message = await detail(catalogue, id);
      if (mine !== asked) return;
      document.body.classList.add("editing");
      editor.hidden = false;
      fill(message);
      area.focus();
      if (catalogue === own) window.history.replaceState(null, "", `#${id}`);
      window.list.mark(id);
      window.reveal(id);
    } catch (error) {
      say(`The message cannot be shown: ${error.message}`, true);
    }
  }

  function close() {
    if (!isOpen()) return;
    const { id } = open;
    editor.hidden = true;
    document.body.classList.remove("editing");
    window.history.replaceState(null, "", window.location.pathname);
    document.querySelector(`#rows a[href="#${CSS.escape(id)}"]`)?.focus();
  }

  function gone(error) {
    say(`The preview does not answer: ${error.message}. Your text is kept in this browser.`, true);
    notice(["This is not saved: the preview does not answer. Your text is kept in this browser, and shown again when the preview runs."]);
  }

  // Returns whether the text is in the file now.
  async function save() {
    if (!isOpen() || area.disabled) return false;
    if (!isChanged()) return true;
    const message = open;
    const wanted = { text: area.value, fuzzy: fuzzy.checked };
    keepDraft();
    let answer;
    try {
      answer = await change(message, base.version, { do: "translate", ...wanted, by: name() });
    } catch (error) {
      gone(error);
      return false;
    }
    if (!answer.isDone) {
      await refused(message, answer);
      return false;
    }
    done.push({ message, state: answer.before, version: answer.version });
    undone.length = 0;
    showHistory();
    dropDraft(message);
    window.list.arrange();
    if (open === message) {
      base = { ...wanted, version: answer.version };
      open = { ...message, ...wanted, version: answer.version, review: null };
      notice(null);
      showReview();
      judge();
    }
    say("Saved.");
    return true;
  }

  async function refused(message, answer) {
    say(answer.error, true);
    if (open !== message) return;
    if (!answer.checks?.includes("entry-changed")) {
      notice([answer.error]);
      return;
    }
    conflict(await detail(message.catalogue, message.id));
  }

  async function saveAndNext() {
    const before = open?.id;
    if (await save()) {
      const next = window.list.neighbour(open?.catalogue === own ? before : null, 1);
      if (next && next !== before) await edit(`/${language}/${own}#${next}`);
    }
  }

  // Undo and redo are saves, too: each is refused if somebody has changed that translation since.
  async function goBack(from, to, words) {
    const step = from.pop();
    if (!step) return;
    try {
      const answer = await change(step.message, step.version, { do: "restore", state: step.state });
      if (answer.isDone) to.push({ message: step.message, state: answer.before, version: answer.version });
      say(answer.isDone ? words : answer.error, !answer.isDone);
      if (answer.isDone) await edit(`/${language}/${step.message.catalogue}#${step.message.id}`);
    } catch (error) {
      from.push(step);
      gone(error);
    }
    showHistory();
  }

  function showHistory() {
    at("undo").disabled = done.length === 0;
    at("redo").disabled = undone.length === 0;
  }

  function name() {
    return at("by").value.trim();
  }

  // Everything that is not the translation itself: who does it has to say who that is.
  async function act(what, input = null) {
    if (!isOpen() || (input && !input.value.trim())) return;
    const signed = what.do === "dismiss" ? what : { ...what, by: name() };
    if (signed.by === "") {
      say("Write your name into the field above first.", true);
      at("by").focus();
      return;
    }
    try {
      const answer = await change(open, base.version, signed);
      if (!answer.isDone) return void (await refused(open, answer));
      if (input) input.value = "";
      say("Saved.");
      await refresh();
    } catch (error) {
      gone(error);
    }
  }

  // The files have changed: what is typed stays.
  async function refresh() {
    if (!isOpen()) return;
    const message = open;
    const fresh = await detail(message.catalogue, message.id);
    if (open !== message) return;
    if (!isChanged()) {
      const isFocused = document.activeElement === area;
      const { selectionStart, selectionEnd } = area;
      const isSame = fresh.text === area.value;
      fill(fresh);
      if (isSame && isFocused) area.setSelectionRange(selectionStart, selectionEnd);
    } else if (fresh.version !== base.version) conflict(fresh);
    else {
      open = fresh;
      showQuestions();
    }
  }

  let judged = 0;
  async function judge() {
    const mine = (judged += 1);
    const { catalogue, key, dismissed } = open;
    const text = area.value;
    try {
      const isOther = text !== base.text;
      const request = { language, catalogue, key, text, dismissed: isOther ? [] : (dismissed ?? []) };
      const answer = await send("/workbench/judge", request);
      if (mine === judged && answer.isDone) showFindings(answer.findings);
    } catch {
      // A server that is gone is reported by what follows the files.
    }
  }

  let waiting = 0;
  area.addEventListener("input", () => {
    fuzzy.checked = false; // who edits a text confirms it, or marks it again
    typed();
  });
  fuzzy.addEventListener("change", () => typed());

  function typed() {
    keepDraft();
    showLength();
    showReview();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(judge, PAUSE);
  }

  // ── what leads here ──

  at("save").addEventListener("click", save);
  at("save-next").addEventListener("click", saveAndNext);
  at("close-editor").addEventListener("click", close);
  at("undo").addEventListener("click", () => goBack(done, undone, "Undone."));
  at("redo").addEventListener("click", () => goBack(undone, done, "Done again."));
  at("review").addEventListener("click", () => act({ do: "review" }));
  const go = (id) => id && edit(`/${language}/${own}#${id}`);
  at("previous-message").addEventListener("click", () => go(window.list.neighbour(open.id, -1)));
  at("next-message").addEventListener("click", () => go(window.list.neighbour(open.id, 1)));
  at("next-to-do").addEventListener("click", () => {
    const next = window.list.nextToDo(isOpen() ? open.id : null);
    if (next) go(next);
    else say("Nothing is left to do here.");
  });
  at("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    act({ do: "ask", text: at("question").value }, at("question"));
  });
  at("look-up").addEventListener("submit", async (event) => {
    event.preventDefault();
    const query = new URLSearchParams({ language, phrase: at("phrase").value });
    const { found } = await ask(`/workbench/concordance?${query}`);
    const lines = found.map((each) => pair(each, each.catalogue));
    at("found-before").replaceChildren(...(lines.length ? lines : [element("li", "Nothing was found.")]));
  });
  at("messages").addEventListener("click", (event) => {
    const link = event.target.closest("#rows a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.hash.slice(1));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) close();
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key === "Enter" && editor.contains(document.activeElement)) {
      event.preventDefault();
      saveAndNext();
    }
    if (isCommand && event.key.toLowerCase() === "s" && isOpen()) {
      event.preventDefault();
      save();
    }
  });

  at("by").value = window.localStorage.getItem("by") ?? "";
  at("by").addEventListener("input", () => window.localStorage.setItem("by", name()));
  window.addEventListener("storage", () => window.list.arrange());

  window.drafts = drafts;
  window.edit = edit;
  window.refresh = refresh;
  window.list.arrange();
  const kept = drafts().size;
  if (kept) say(`${kept} ${kept === 1 ? "draft in this browser is" : "drafts in this browser are"} not saved yet: see “drafts” under Show.`);
}
