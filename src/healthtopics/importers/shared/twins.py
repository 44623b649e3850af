"""Merges the twins that a collection states into the workspace's own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from healthtopics import jsontext
from healthtopics.errors import ImportDataError
from healthtopics.importers.shared.catalogues import FileChange
from healthtopics.importers.shared.source import ImportSource
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import TWINS
from healthtopics.markup import URL
from healthtopics.problems import has_errors
from healthtopics.validation.twins import check_twins

_LONGEST: Final = 2000
"""Of an address in characters, as in the schema."""


@dataclass(slots=True)
class StatedTwins:
    """The pages that a collection states to be one page in two languages."""

    translations: dict[str, set[str]] = field(default_factory=dict)
    """By English address."""

    def add(self, english: str, translation: str) -> None:
        """Add a pair."""
        if all(URL.fullmatch(url) and len(url) <= _LONGEST for url in (english, translation)):
            self.translations.setdefault(english, set()).add(translation)

    def certain(self) -> dict[str, str]:
        """Return the pairs that no other one contradicts: one page for one, and one language a page."""
        english = self.translations.keys()
        foreign = Counter(page for pages in self.translations.values() for page in pages)
        return {
            page: translation
            for page, translations in self.translations.items()
            for translation in translations
            if len(translations) == foreign[translation] == 1
            and page not in foreign
            and translation not in english
        }


def merge_twins(
    data: bytes | None, stated: StatedTwins, source: ImportSource, *, is_whole: bool
) -> Iterator[FileChange]:
    """Yield the file of twins if it changes; rows of people, and of other importers, stay as they are.

    `is_whole` says that the collection states everything that it has: rows that it no longer states go.
    Raises DataError with everything that is wrong with the file.
    """
    document: JsonObject = {"twins": []} if data is None else jsontext.parse(data, TWINS)
    problems = check_twins(document, TWINS, (SOURCE, source.language))
    if has_errors(problems):
        raise ImportDataError(problems)
    rows: list[JsonObject] = document["twins"]
    others = [row for row in rows if row.get("from") != source.name]
    before = {row["pages"][SOURCE]: row for row in rows if row.get("from") == source.name}
    kept = {} if is_whole else before
    theirs = {row["pages"][SOURCE] for row in others}
    after = dict(kept)
    for english, translation in _free_pairs([*others, *kept.values()], stated, source.language):
        if english not in theirs:
            after[english] = {
                "pages": {SOURCE: english, source.language: translation},
                "from": source.name,
            }
    if after != before:
        ours = [after[english] for english in sorted(after)]
        yield FileChange(TWINS, jsontext.dump({**document, "twins": [*others, *ours]}))


def _free_pairs(
    rows: Sequence[JsonObject], stated: StatedTwins, language: LanguageTag
) -> Iterator[tuple[str, str]]:
    """Yield the pairs that no row contradicts: neither about a page's language, nor about its original."""
    languages = {url: tag for row in rows for tag, url in row["pages"].items()}
    originals = {url: row["pages"][SOURCE] for row in rows for url in row["pages"].values()}
    for english, translation in stated.certain().items():
        spoken = languages.get(english, SOURCE), languages.get(translation, language)
        if spoken == (SOURCE, language) and originals.get(translation, english) == english:
            yield english, translation
