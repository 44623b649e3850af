"""What the pages of the workbench ask to change in a catalogue: JSON to a change of one entry, and back.

The changes are those of `healthtopics.catalogues.editing`, as the command line makes them, too. Each request
has the version of the translation that its page showed; questions and answers need none, they only add.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, NamedTuple, TypeAlias, TypeVar

import msgspec
import polib

from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.editing import (
    Change,
    EditableEntry,
    RefusedChangeError,
    answer,
    ask,
    change_entry,
    dismiss,
    last_translator,
    review,
    sign,
    translate_as,
    version_of,
)
from healthtopics.catalogues.po_header import header_date
from healthtopics.catalogues.questions import questions_in
from healthtopics.catalogues.remarks import with_remarks
from healthtopics.catalogues.reviews import UNKNOWN, with_translator
from healthtopics.catalogues.translators import is_unattributed
from healthtopics.language import LanguageTag

_Words = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=2000)]
_Name = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=200)]
_AnyName = Annotated[str, msgspec.Meta(max_length=200)]
"""Empty if it is unknown."""
_Id = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]+$", max_length=200)]
_Text = Annotated[str, msgspec.Meta(max_length=100_000)]


class UnexpectedRequestError(ValueError):
    """A page has sent what no page of ours sends."""


class Circumstances(NamedTuple):
    """What a change depends on beside the request."""

    day: str
    """ISO."""
    last_translator: str
    """According to the header of the file."""
    is_reviewed: bool
    """Whether the workspace asks for reviews in the language."""


class EntryState(msgspec.Struct, frozen=True):
    """What a save changes in an entry, so that it can be undone."""

    text: _Text
    fuzzy: bool
    comment: _Text = ""
    context: _Text | None = None
    """The msgctxt and msgid that a fuzzy translation was made for."""
    english: _Text | None = None

    @classmethod
    def of(cls, entry: polib.POEntry) -> "EntryState":
        """Return the state of an entry."""
        return cls(entry.msgstr, entry.fuzzy, entry.tcomment, entry.previous_msgctxt, entry.previous_msgid)


class _Request(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag=str.lower):
    language: LanguageTag
    catalogue: str
    key: tuple[str, str]
    """msgctxt and msgid."""
    base: str
    """The version of the translation that the page has shown."""

    is_addition: ClassVar[bool] = False
    """Whether it only adds to the comments, whatever the translation is by now."""


class Translate(_Request):
    """Write a translation, or confirm it."""

    text: _Text
    fuzzy: bool = False
    by: _AnyName = ""

    def change(self, file: Circumstances) -> Change:
        """Return the change of the entry."""
        if file.is_reviewed and not self.by.strip():
            raise UnexpectedRequestError(
                "Write your name first: reviewers need to know who the translator is."
            )
        return translate_as(
            self.text, is_fuzzy=self.fuzzy, by=self.by, day=file.day, is_marked=file.is_reviewed
        )


class Restore(_Request):
    """Undo a save, or do it again."""

    state: EntryState
    by: _AnyName = ""

    def change(self, _file: Circumstances) -> Change:
        """Return the change of the entry; what others have written into its comment since stays."""

        def restore(entry: polib.POEntry) -> None:
            translate_as(self.state.text, is_fuzzy=self.state.fuzzy)(entry)
            lines = entry.tcomment.split("\n") if entry.tcomment else []
            entry.tcomment = with_remarks(lines, self.state.comment)
            entry.previous_msgctxt, entry.previous_msgid = self.state.context, self.state.english

        return restore


class ReviewTranslation(_Request, tag="review"):
    """Say that somebody else has read the translation."""

    by: _Name

    def change(self, file: Circumstances) -> Change:
        """Return the change of the entry."""
        return review(self.by, file.day, file.last_translator, is_required=file.is_reviewed)


class Ask(_Request):
    """Ask about the message."""

    by: _Name
    text: _Words
    is_addition = True

    def change(self, file: Circumstances) -> Change:
        """Return the change of the entry."""
        return ask(self.by, file.day, self.text)


class AnswerQuestion(_Request, tag="answer"):
    """Answer a question about the message."""

    by: _Name
    text: _Words
    question: str
    """The id of the question: its place changes when another one is merged in above it."""
    is_addition = True

    def change(self, file: Circumstances) -> Change:
        """Return the change of the entry."""

        def answer_it(entry: polib.POEntry) -> None:
            ids = [each.id for each in questions_in(entry.tcomment)]
            if self.question not in ids:
                raise RefusedChangeError("That question is no longer there; nothing was answered.")
            answer(self.by, file.day, self.text, ids.index(self.question))(entry)

        return answer_it


class Dismiss(_Request):
    """Dismiss findings that are wrong."""

    checks: Annotated[tuple[_Id, ...], msgspec.Meta(min_length=1, max_length=20)]

    by: _Name

    def change(self, file: Circumstances) -> Change:
        """Return the change of the entry."""
        return dismiss(self.checks, self.by, file.day)


ChangeRequest: TypeAlias = Translate | Restore | ReviewTranslation | Ask | AnswerQuestion | Dismiss
_CHANGES: Final[msgspec.json.Decoder[ChangeRequest]] = msgspec.json.Decoder(ChangeRequest)
_SIGNED: Final = Translate | Restore
"""What changes the translation, and so the date in the header."""


class JudgeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for the findings on a text that is not saved."""

    language: LanguageTag
    catalogue: str
    key: tuple[str, str]
    text: _Text
    dismissed: tuple[str, ...] = ()


class TwoTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask what differs between two translations."""

    old: _Text
    new: _Text


_COMPARED: Final = msgspec.json.Decoder(TwoTexts)
_JUDGED: Final = msgspec.json.Decoder(JudgeRequest)
_T = TypeVar("_T")


def read_request(data: bytes) -> ChangeRequest:
    """Read what a page wants to change; raises UnexpectedRequestError."""
    return _decoded(data, _CHANGES)


def read_judge_request(data: bytes) -> JudgeRequest:
    """Read which text a page wants to have judged; raises UnexpectedRequestError."""
    return _decoded(data, _JUDGED)


def read_texts(data: bytes) -> TwoTexts:
    """Read which texts a page wants to have compared; raises UnexpectedRequestError."""
    return _decoded(data, _COMPARED)


def _decoded(data: bytes, decoder: msgspec.json.Decoder[_T]) -> _T:
    try:
        return decoder.decode(data)
    except msgspec.DecodeError as error:
        raise UnexpectedRequestError(f"The request is not valid: {error}.") from None


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of a change."""

    before: EntryState
    version: str
    """The version of the translation that is there now."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"before": msgspec.to_builtins(self.before), "version": self.version}


def save(
    request: ChangeRequest,
    path: str,
    now: datetime,
    write: Callable[[str, Callable[[bytes], bytes]], bytes],
    *,
    is_reviewed: bool = False,
) -> Saved:
    """Make the change; raises CatalogueError if it is not possible, and as `write` does.

    `is_reviewed` says that the workspace asks for reviews. `write` changes a file by a function, which it
    calls again if another program has changed the file.
    """
    saved: list[Saved] = []

    def change_file(data: bytes) -> bytes:
        circumstances = Circumstances(now.date().isoformat(), last_translator(data, path), is_reviewed)
        change = request.change(circumstances)

        def recorded(entry: polib.POEntry) -> None:
            before = EntryState.of(entry)
            if is_reviewed and is_unattributed(entry):
                # Undone later, when the header names somebody else.
                name = circumstances.last_translator or UNKNOWN
                known = with_translator(entry.tcomment, po.key_of_entry(entry), entry.msgstr, name, UNKNOWN)
                before = msgspec.structs.replace(before, comment=known)
            change(entry)
            saved.append(Saved(before, version_of(entry)))

        version = None if request.is_addition else request.base
        changed = change_entry(data, path, Key(*request.key), recorded, version=version)
        if changed == data or not isinstance(request, _SIGNED):
            return changed
        return sign(changed, path, header_date(now), request.by, is_marked=is_reviewed)

    write(path, change_file)
    return saved[-1]


def seen_state(entry: EditableEntry) -> dict[str, Any]:
    """Return what a page shows of an entry as it is in the file, as JSON."""
    review_ = entry.review
    return {
        "text": entry.msgstr,
        "fuzzy": entry.is_fuzzy,
        "version": entry.version,
        "line": entry.line,
        "dismissed": [{"check": each.check, "by": each.by, "date": each.day} for each in entry.dismissals],
        "questions": [{"id": each.id, **each.to_dict()} for each in entry.questions],
        "review": {"by": review_.by, "date": review_.day} if review_ else None,
    }
