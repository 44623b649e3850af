"""A topic's proof as pages: both sides with the editor, and the catalogue, line by line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from healthtopics.checks.presence import UNFINISHED
from healthtopics.errors import DataError, HealthTopicsError
from healthtopics.formats.html.exporting import Html, TextOrigin, to_page
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level, Problem
from healthtopics.reading.difference import Part, word_difference
from healthtopics.topic import HELD, Text
from healthtopics.translation.interface import autonym
from healthtopics.workbench.desk import Desk, id_of
from healthtopics.workbench.pages import SAID, render
from healthtopics.workbench.proofs import Proof
from healthtopics.workbench.sheets import Entry, Sheet, Work


class NoSuchPageError(LookupError):
    """There is no such topic, or nothing of it is in the language."""


def bench_page(
    desk: Desk,
    *,
    has_translation: bool,
    version: str,
    workspace: str,
    token: str,
    by: str,
) -> bytes:
    """Return the page to work on: both sides, every message, and the editor; words have no sides.

    `workspace` is the id of what it shows and writes: another one may be shown at its address later.
    `token` is what the page proves with that it is one of this server's. `by` is the name of who works there.
    """
    sheet = desk.sheet
    return render(
        "preview.html",
        title=f"{sheet.title} ({sheet.language})",
        sheet=sheet,
        name=autonym(sheet.language),
        has_translation=has_translation,
        version=version,
        workspace=workspace,
        token=token,
        by=by,
    )


def broken_page(error: HealthTopicsError, text: bytes, *, version: str) -> bytes:
    """Return the page for files that cannot be used, above the text of the requested catalogue."""
    problems = error.problems if isinstance(error, DataError) else ()
    return render(
        "broken.html",
        title="Files to correct",
        problems=[problem for problem in problems if problem.level is Level.ERROR],
        said=[] if problems else error.diagnostics().splitlines(),
        lines=_lines(text) if text else [],
        by_line={},
        version=version,
    )


def side_page(proof: Proof, shown: LanguageTag) -> bytes:
    """Return one side: the page of the edition, each message marked with its state.

    Raises NoSuchPageError if nothing of the topic is in the language.
    """
    if shown not in proof.editions:
        raise NoSuchPageError
    topic, edition = proof.editions[shown]
    marking = _Marking(proof, is_source=shown == SOURCE)
    page = to_page(topic, edition, {}, write=marking.write)
    head, end, body = page.partition("</head>")
    added = '<base target="_top" />\n<link rel="stylesheet" href="/workbench/side.css" />\n'
    scripts = "".join(
        f'<script src="/workbench/{name}.js" defer="defer"></script>\n' for name in ("text", "focus", "side")
    )
    return f"{head}{added}{scripts}{end}{body}".encode()


@dataclass(frozen=True, slots=True)
class _Marking:
    proof: Proof
    is_source: bool
    """The English side: it has no state."""

    def write(self, text: Text, content: Html, origin: TextOrigin) -> Html:
        """Put a message into an element that identifies it and shows its state."""
        if origin == "topic":
            entry = self.proof.entries.get(text.pointer)
            return content if entry is None else self._marked(entry, content, text.pointer)
        message = self.proof.words.get((origin, text.value))
        is_missing = text.state in HELD and not self.is_source
        if message is None and not is_missing:
            return content
        return _span(
            content,
            Work.MISSING if is_missing else Work.DONE,
            SAID[Work.MISSING] if is_missing else "",
            f"/{self.proof.sheet.language}/{origin}",
            id_of(message.key) if message else "",
        )

    def _marked(self, entry: Entry, content: Html, pointer: str) -> Html:
        work = Work.DONE if entry.is_settled or self.is_source else entry.work
        said = [SAID[work]] if work in SAID else []
        if not self.is_source and entry.former:
            said.append(f"The former translation: {' '.join(entry.former.split())}")
        if not self.is_source:
            said += [
                f"{each.check}: {each.message} {each.hint}" for each in entry.problems if not _is_state(each)
            ]
        sheet = self.proof.sheet
        where = f"/{sheet.language}/{sheet.name}"
        changed = word_difference(entry.previous, entry.key.msgid) if entry.previous else ()
        return _span(
            content, work, "\n".join(said), where, id_of(entry.key), pointer=pointer, changed=changed
        )


def _is_state(problem: Problem) -> bool:
    """Return whether a finding only repeats the state."""
    return problem.check in UNFINISHED


def _span(
    content: Html,
    work: Work,
    said: str,
    where: str,
    id_: str,
    *,
    pointer: str = "",
    changed: Sequence[Part] = (),
) -> Html:
    """Wrap a message; `data-changed` lists the parts of its English, each with what happened to it.

    `where` is the page on which the message with this id is edited.
    """
    attributes = {
        "class": f"message {work}",
        "data-id": id_,
        "data-place": pointer,
        "data-where": f"{where}#{id_}" if id_ else where,
        "data-said": said,
    }
    if changed:
        attributes["data-changed"] = json.dumps([[part.kind, part.text] for part in changed])
    written = "".join(f' {name}="{_attribute(str(value))}"' for name, value in attributes.items())
    return Html(f"<span{written}>{content}</span>")


def _attribute(value: str) -> str:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("\n", "&#10;")):
        value = value.replace(character, entity)
    return value


def catalogue_page(data: bytes, sheet: Sheet, *, version: str) -> bytes:
    """Return a catalogue, line by line; each entry links back to its place in the topic."""
    by_line = {entry.line: entry for entry in sheet.entries if entry.line is not None}
    return render(
        "catalogue.html",
        title=f"{sheet.title} ({sheet.language}): catalogue",
        sheet=sheet,
        lines=_lines(data),
        by_line=by_line,
        version=version,
    )


def _lines(data: bytes) -> list[tuple[int, str]]:
    lines = data.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    return [(number, line.rstrip("\r")) for number, line in enumerate(lines, start=1)]
