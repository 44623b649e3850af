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
    showLine(at("question"), open, "ask");
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
    say("Saved.");
    return true;
  }

  // A translation is in the file now: what is typed, meanwhile or since, is based on it.
  function settle(message, version, saved) {
    rebaseDraft(message, version, saved);
    if (isAt(message)) {
      base = saved;
      open = { ...open, ...saved, review: null };
      keepDraft();
      notice(null);
      showReview();
      judge();
    }
    window.list.arrange();
  }

  async function refused(message, answer) {
    if (isAt(message) && answer.checks?.includes("entry-changed")) conflict(await detail(message.catalogue, message.id));
    else warn(message, answer.error);
  }

  async function saveAndNext() {
    const before = open;
    if (!(await save()) || !isAt(before) || isChanged()) return;
    const next = window.list.neighbour(before.catalogue === own ? before.id : null, 1);
    if (next && next !== before.id) await edit(`/${language}/${own}#${next}`);
  }

  // Undo and redo are saves, too: each is refused if somebody has changed that translation since.
  const goBack = (from, to, words) => inTurn(() => step(from, to, words));

  async function step(from, to, words) {
    const last = from.at(-1);
    if (!last) return;
    const { message, state } = last;
    try {
      const answer = await change(message, last.version, { do: "restore", state });
      if (answer.isDone) {
        from.pop();
        to.push({ message, state: answer.before, version: answer.version });
        rebaseDraft(message, last.version, { text: state.text, fuzzy: state.fuzzy, version: answer.version });
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
    notice([answer.error], forget);
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
