// The editor of one message. What is typed is judged by the server, and kept in the browser until it is saved.
"use strict";

{
  const at = (id) => document.getElementById(id);
  const editor = at("editor");
  const area = at("text");
  const fuzzy = at("fuzzy");
  const { language, catalogue: own, direction, workspace } = editor.dataset;
  const PAUSE = 250; // milliseconds without a key after which a text is judged

  // The message that is open, as the server gave it; and the translation that the editor is based on.
  let open = null;
  let base = null;
  const done = [];
  const undone = [];

  const isOpen = () => !editor.hidden && open !== null;
  const isAt = (message) => isOpen() && open.catalogue === message.catalogue && open.id === message.id;
  const isChanged = () => isOpen() && (area.value !== base.text || fuzzy.checked !== base.fuzzy);
  const say = (words, isAlarm = false) => window.tell(words, isAlarm);

  // ── the server ──

  const HERE = { "x-workbench-workspace": workspace };

  async function renewToken() {
    const page = await fetch(window.location.pathname);
    const next = new DOMParser().parseFromString(await page.text(), "text/html");
    window.renew(next);
  }

  async function send(address, body, isSecond = false) {
    const response = await fetch(address, {
      method: "POST",
      headers: { ...HERE, "content-type": "application/json", "x-workbench-token": editor.dataset.token },
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
    const response = await fetch(address, { headers: HERE });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  }

  // One change after the other: each is based on what the one before has left.
  let lastTurn = Promise.resolve();
  function inTurn(act) {
    const turn = lastTurn.then(act);
    lastTurn = turn.catch(() => {});
    return turn;
  }

  // ── drafts ──

  const PREFIX = `draft:${workspace}/${language}/`;
  const draftKey = (message) => `${PREFIX}${message.catalogue}/${message.id}`;

  function drafts() {
    const keys = Object.keys(window.localStorage).filter((key) => key.startsWith(`${PREFIX}${own}/`));
    return new Set(keys.map((key) => key.slice(key.lastIndexOf("/") + 1)));
  }

  function keepDraft() {
    if (isChanged()) storeDraft(open, { text: area.value, fuzzy: fuzzy.checked, base });
    else dropDraft(open);
    window.list.arrange();
  }

  function storeDraft(message, draft) {
    window.localStorage.setItem(draftKey(message), JSON.stringify(draft));
  }

  // A draft of what this page itself has replaced is based on the new text.
  function rebaseDraft(message, version, saved) {
    const draft = draftOf(message);
    if (draft?.base.version !== version) return;
    if (draft.text === saved.text && draft.fuzzy === saved.fuzzy) dropDraft(message);
    else storeDraft(message, { ...draft, base: saved });
  }

  function dropDraft(message) {
    window.localStorage.removeItem(draftKey(message));
  }

  function draftOf(message) {
    return JSON.parse(window.localStorage.getItem(draftKey(message)) ?? "null");
  }

  // A question or an answer that is being typed is kept, too, for the message that it is about.
  const lineKey = (message, what) => `line:${workspace}/${language}/${message.catalogue}/${message.id}/${what}`;

  function showLine(input, message, what) {
    const key = lineKey(message, what);
    if (input.dataset.key === key) return;
    input.dataset.key = key;
    input.value = window.localStorage.getItem(key) ?? "";
  }

  function keepLine(input) {
    if (input.value) window.localStorage.setItem(input.dataset.key, input.value);
    else window.localStorage.removeItem(input.dataset.key);
  }

  // What was sent goes from its field, unless somebody has typed on.
  function dropLine(input, key, sent) {
    if (window.localStorage.getItem(key) === sent) window.localStorage.removeItem(key);
    if (input.dataset.key === key && input.value === sent) input.value = "";
  }

  // ── what is shown ──

  // Elements are replaced only when what they show has changed: a button stays between press and release.
  const contents = new Map();
  function show(id, what, make) {
    const now = JSON.stringify([open?.catalogue, open?.id, what]);
    if (contents.get(id) === now) return;
    contents.set(id, now);
    at(id).replaceChildren(...make());
  }

  function button(words, act, attributes = {}) {
    const made = element("button", words, { type: "button", ...attributes });
    made.addEventListener("click", act);
    return made;
  }

  const translated = (text) => element("span", text, { lang: language, dir: direction, class: "kept" });

  // `version` is that of the translation which the buttons are about.
  function notice(words, version = "", ...buttons) {
    const said = (words ?? []).map((each) => each.outerHTML ?? each);
    show("notice", [said, version, buttons.map((each) => each.textContent)], () => (words ? [...words, " ", ...buttons] : []));
  }

  function showFindings(found) {
    const isSaved = !isChanged();
    show("findings", [found, isSaved, Boolean(area.value), open.dismissed], () => findingLines(found, isSaved));
  }

  function findingLines(found, isSaved) {
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
    if (!lines.length) lines.push(element("p", none, { class: "quiet" }));
    for (const { check, by, date } of isSaved ? open.dismissed : []) {
      const line = element("p", "Dismissed: ", { class: "quiet" });
      line.append(element("code", check), by ? ` by ${by}, ${date}` : "");
      lines.push(line);
    }
    return lines;
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

  function formerLines() {
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
    return lines;
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

  function neighbourLines() {
    const [before, after] = open.neighbours;
    const lines = [];
    for (const [words, found] of [["Before", before], ["After", after]]) {
      if (!found.length) continue;
      const list = element("ul", "", { "aria-label": words });
      list.append(...found.map((each) => pair(each, open.catalogue)));
      lines.push(list);
    }
    return lines;
  }

  // An answer may be half typed when the files change: its form stays, or the new form has what was typed.
  let answering = "";
  function showQuestions() {
    const questions = open.questions ?? [];
    const shown = JSON.stringify([open.catalogue, open.id, questions]);
    if (shown === answering) return;
    answering = shown;
    const focused = at("questions").contains(document.activeElement) ? document.activeElement.name : "";
    const lines = questions.flatMap((each) => {
      const signed = (said) => [said.by, said.date].filter(Boolean).join(", ");
      const line = element("p", `${signed(each)}: ${each.text}`);
      const answers = each.answers.map((said) => element("p", `↳ ${signed(said)}: ${said.text}`));
      const form = element("form", "", { class: "bar" });
      const label = element("label", "Answer ");
      const input = element("input", "", { type: "text", maxlength: "2000", name: `${open.id} ${each.id}` });
      showLine(input, open, each.id);
      input.addEventListener("input", () => keepLine(input));
      label.append(input);
      form.append(label, element("button", "Answer"));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        act({ do: "answer", question: each.id, text: input.value }, input);
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
    show("marks", marks.map((mark) => mark.outerHTML), () => marks.flatMap((mark) => [mark, " "]));
  }

  function contextLines() {
    const lines = open.comments.map((line) => element("p", line));
    if (open.line) lines.push(element("p", `Line ${open.line} of the catalogue ${open.catalogue}.`, { class: "quiet" }));
    return lines;
  }

  function fillHelp() {
    show("source", open.key[1], () => [open.key[1]]);
    show("former", [open.parts, open.former, open.remarks], formerLines);
    show("context", [open.comments, open.line], contextLines);
    at("glossary-part").hidden = open.glossary.length === 0;
    show("glossary", open.glossary, () => open.glossary.map((term) => element("li", term)));
    at("suggestions-part").hidden = open.suggestions.length === 0;
    show("suggestions", open.suggestions, () => open.suggestions.map(suggestion));
    show("neighbours", open.neighbours, neighbourLines);
    showQuestions();
    showLine(at("question"), open, "ask");
    showReview();
    showLength();
  }

  function fill(message) {
    open = message;
    rival = null;
    base = { text: message.text, fuzzy: message.fuzzy, version: message.version };
    if (area.value !== message.text) area.value = message.text; // else the cursor stays
    fuzzy.checked = message.fuzzy;
    const isThere = message.version !== null;
    for (const each of [area, fuzzy, at("save"), at("save-next")]) each.disabled = !isThere;
    notice(isThere ? null : ["The catalogue does not have this message yet. Run ", element("code", "healthtopics catalogue update"), "."]);
    const draft = isThere ? draftOf(message) : null;
    if (draft && (draft.text !== base.text || draft.fuzzy !== base.fuzzy)) offer(draft);
    else if (draft) dropDraft(message);
    fillHelp();
    showFindings(open.findings);
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
    else notice(["This is a draft of yours that is not saved yet."], "draft", discard);
  }

  // What somebody else has saved while the text here is not: both are shown whole, and what differs word by word.
  let rival = null;
  let compared = 0;
  async function conflict(theirs, ...more) {
    const isKnown = rival?.theirs.version === theirs.version;
    rival = { theirs, more };
    const mine = (compared += 1);
    const take = button("Take that one", () => {
      dropDraft(theirs);
      fill(theirs);
      window.list.arrange();
      area.focus();
    });
    const keep = button("Save mine instead", () => {
      base = { text: theirs.text, fuzzy: theirs.fuzzy, version: theirs.version };
      save();
    });
    const shown = (parts) => {
      const words = "Another window or program has changed this translation. Yours is in the field. It is now: ";
      const lines = [words, theirs.text ? translated(theirs.text) : "empty", theirs.fuzzy ? " (fuzzy)" : ""];
      if (parts?.length) {
        const line = element("p", "From that one to yours: ");
        const texts = element("span", "", { lang: language, dir: direction, class: "kept" });
        texts.append(...parts.map(part));
        line.append(texts);
        lines.push(line);
      }
      notice(lines, theirs.version, take, keep, ...more);
    };
    if (!isKnown) shown(null);
    try {
      const answer = await send("/workbench/compare", { old: theirs.text, new: area.value });
      if (mine === compared && rival && answer.isDone) shown(answer.parts);
    } catch {
      // Both texts are shown as they are.
    }
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
      for (const each of editor.querySelectorAll(".part, .said")) each.scrollTop = 0;
      area.focus();
      area.scrollIntoView({ block: "nearest" });
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

  // Said in one place: both are read out.
  function warn(message, words) {
    if (isAt(message)) notice([words]);
    else say(words, true);
  }

  const gone = (message, error) =>
    warn(message, `This is not saved: the preview does not answer (${error.message}). Your text is kept in this browser, and shown again when the preview runs.`);

  // Returns whether the text is in the file now.
  async function save() {
    if (!isOpen() || area.disabled) return false;
    const message = open;
    const wanted = { text: area.value, fuzzy: fuzzy.checked };
    keepDraft();
    return inTurn(() => write(message, wanted));
  }

  async function write(message, wanted) {
    const from = isAt(message) ? base : draftOf(message)?.base;
    if (!from || (wanted.text === from.text && wanted.fuzzy === from.fuzzy)) return true;
    let answer;
    try {
      answer = await change(message, from.version, { do: "translate", ...wanted, by: name() });
    } catch (error) {
      gone(message, error);
      return false;
    }
    if (!answer.isDone) {
      await refused(message, answer);
      return false;
    }
    const { before, version } = answer;
    const isNew = before.text !== wanted.text || before.fuzzy !== wanted.fuzzy;
    if (isNew) {
      done.push({ message, state: before, version });
      undone.length = 0;
      showHistory();
    }
    settle(message, from.version, { ...wanted, version });
    tellSaved(message, wanted);
    return true;
  }

  // A translation is in the file now: what is typed, meanwhile or since, is based on it.
  function settle(message, version, saved) {
    rebaseDraft(message, version, saved);
    if (isAt(message)) {
      rival = null;
      base = saved;
      open = { ...open, ...saved, review: null, dismissed: saved.text === open.text ? open.dismissed : [] };
      keepDraft();
      notice(null);
      showReview();
      judge();
    }
    window.list.arrange();
  }

  // Says what has been saved, and in plain words whether readers get it.
  let told = 0;
  async function tellSaved(message, wanted) {
    const mine = (told += 1);
    const words = [...(wanted.text || message.key[1])];
    const what = `“${words.length > 30 ? `${words.slice(0, 30).join("")}…` : words.join("")}”`;
    const tellIt = (rest) => {
      if (mine === told) at("saved").textContent = `Saved: ${what}${rest}`;
    };
    if (!wanted.text) return tellIt(". There is no translation now.");
    if (wanted.fuzzy) return tellIt(", as needing work: readers do not get it yet.");
    tellIt(".");
    try {
      const { catalogue, key } = message;
      const dismissed = wanted.text === message.text ? message.dismissed.map((each) => each.check) : [];
      const answer = await send("/workbench/judge", { language, catalogue, key, text: wanted.text, dismissed });
      const wrong = (answer.findings ?? []).filter((each) => each.level === "error");
      if (wrong.length) tellIt(`, but it has an error (${wrong.map((each) => each.check).join(", ")}): readers do not get the page in this language until it is corrected.`);
    } catch {
      // A server that is gone is reported by what follows the files.
    }
  }

  async function refused(message, answer) {
    if (isAt(message) && answer.checks?.includes("entry-changed")) conflict(await detail(message.catalogue, message.id));
    else warn(message, answer.error);
  }

  // The way that the person goes: through what is to do, or through the list as it is shown.
  let isThroughToDo = false;
  function walk(throughToDo) {
    isThroughToDo = throughToDo;
    window.sessionStorage.setItem("walk", throughToDo ? "todo" : "list");
    at("save-next-words").textContent = throughToDo ? "Save and next to do" : "Save and next";
  }

  async function saveAndNext() {
    const before = open;
    if (!(await save()) || !isAt(before) || isChanged()) return;
    const from = before.catalogue === own ? before.id : null;
    const next = isThroughToDo ? window.list.nextToDo(from) : window.list.neighbour(from, 1);
    if (next && next !== before.id) await edit(`/${language}/${own}#${next}`);
    else if (isThroughToDo) say("Nothing else is left to do here.");
  }

  // Undo and redo are saves, too: each is refused if somebody has changed that translation since.
  const goBack = (from, to, words) => inTurn(() => step(from, to, words));

  async function step(from, to, words) {
    const last = from.at(-1);
    if (!last) return;
    const { message, state } = last;
    try {
      const answer = await change(message, last.version, { do: "restore", state, by: name() });
      if (answer.isDone) {
        from.pop();
        to.push({ message, state: answer.before, version: answer.version });
        rebaseDraft(message, last.version, { text: state.text, fuzzy: state.fuzzy, version: answer.version });
        forgetSaved();
        say(words, false);
      }
      await edit(`/${language}/${message.catalogue}#${message.id}`);
      if (!answer.isDone) forgetOrKeep(from, last, answer);
    } catch (error) {
      gone(message, error);
    }
    showHistory();
  }

  // What cannot be undone now stays to be undone, unless somebody lets it go.
  function forgetOrKeep(from, last, answer) {
    const forget = button("Leave it as it is", () => {
      from.splice(from.indexOf(last), 1);
      showHistory();
      notice(null);
    });
    notice([answer.error], last.version, forget);
  }

  function forgetSaved() {
    at("saved").textContent = "";
    told += 1;
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
    const signed = { ...what, by: name() };
    if (signed.by === "") {
      say("Write your name into the field above first.", true);
      at("by").focus();
      return;
    }
    const message = open;
    const { version } = base;
    const key = input?.dataset.key;
    try {
      const answer = await inTurn(() => change(message, isAt(message) ? base.version : version, signed));
      if (!answer.isDone) return void (await refused(message, answer));
      if (input) dropLine(input, key, what.text);
      say("Saved.");
      await refresh();
    } catch (error) {
      gone(message, error);
    }
  }

  // The files have changed: what is typed stays.
  // In turn: the answer to a save says what the page has put there itself.
  const refresh = () => inTurn(showFresh);

  async function showFresh() {
    if (!isOpen()) return;
    const message = open;
    const fresh = await detail(message.catalogue, message.id);
    if (!isAt(message)) return;
    if (!isChanged()) fill(fresh);
    else {
      if (fresh.version !== base.version) conflict(fresh);
      else {
        open = fresh;
        fillHelp();
      }
      judge();
    }
  }

  let judged = 0;
  async function judge() {
    const mine = (judged += 1);
    const { catalogue, key, dismissed } = open;
    const text = area.value;
    try {
      const isOther = text !== base.text;
      const request = { language, catalogue, key, text, dismissed: isOther ? [] : dismissed.map((each) => each.check) };
      const answer = await send("/workbench/judge", request);
      if (mine === judged && answer.isDone) showFindings(answer.findings);
      if (mine === judged && rival && isChanged()) conflict(rival.theirs, ...rival.more);
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
    forgetSaved();
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
  const goInList = (step) => {
    walk(false);
    go(window.list.neighbour(open.id, step));
  };
  at("previous-message").addEventListener("click", () => goInList(-1));
  at("next-message").addEventListener("click", () => goInList(1));
  at("next-to-do").addEventListener("click", () => {
    const next = window.list.nextToDo(isOpen() ? open.id : null);
    walk(true);
    if (next) go(next);
    else say("Nothing is left to do here.");
  });
  at("question").addEventListener("input", () => keepLine(at("question")));
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
    walk(false);
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

  at("by").value = window.localStorage.getItem("by") ?? at("by").value; // that of git
  at("by").addEventListener("input", () => window.localStorage.setItem("by", name()));
  window.addEventListener("storage", () => window.list.arrange());

  window.drafts = drafts;
  // A search stays when the page is loaded again.
  for (const field of [at("phrase"), at("search")]) {
    const key = `typed:${workspace}/${language}/${own}/${field.id}`;
    field.value = window.sessionStorage.getItem(key) ?? "";
    field.addEventListener("input", () => window.sessionStorage.setItem(key, field.value));
  }
  // A click in a side; or an address, which “Next to do” of the first page may have led to.
  window.edit = (address, isAddress = false) => {
    if (!isAddress) walk(false);
    return edit(address);
  };
  walk(window.sessionStorage.getItem("walk") === "todo");
  window.refresh = refresh;
  window.list.arrange();
  const kept = drafts().size;
  if (kept) say(`${kept} ${kept === 1 ? "draft in this browser is" : "drafts in this browser are"} not saved yet: see “drafts” under Show.`);
}
