"""Twins of pages elsewhere: a document in, problems out."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from healthtopics.jsontext import Document
from healthtopics.language import SOURCE
from healthtopics.problems import Level, Problem, pointer_to
from healthtopics.validation.public import compiled


def check_twins(document: object, path: str, languages: Collection[str]) -> list[Problem]:
    """Return everything wrong with the file of twins; `languages` are those of the workspace."""

    def rules(valid: Document) -> Iterator[Problem]:
        rows = [row["pages"] for row in valid["twins"]]
        yield from _repeated(rows, path)
        yield from _unused(rows, path, languages)

    return compiled("twins.schema.json").check(document, path, "twins-schema", rules)


def _repeated(rows: Sequence[Mapping[str, str]], path: str) -> Iterator[Problem]:
    """Yield English pages with two rows, twins of two English pages, and pages in two languages."""
    first: dict[str, tuple[str, int]] = {}
    for index, pages in enumerate(rows):
        for language, url in pages.items():
            before, there = first.setdefault(url, (language, index))
            pointer = pointer_to("twins", index, "pages", language)
            place = pointer_to("twins", there, "pages", before)
            if before != language:
                yield Problem(
                    check="twins-conflict",
                    path=path,
                    pointer=pointer,
                    message=f"{url} is the page in {language!r} here, and in {before!r} at {place}.",
                    hint="A page has one language: remove the wrong address.",
                )
            elif there == index:
                continue
            elif language != SOURCE:
                yield Problem(
                    check="twins-shared",
                    level=Level.WARNING,
                    path=path,
                    pointer=pointer,
                    message=f"{url} is the page in {language!r} of another English page, too, at {place}.",
                    hint="A page translates one page: remove the address from the row where it is wrong.",
                )
            else:
                yield Problem(
                    check="twins-duplicate",
                    path=path,
                    pointer=pointer,
                    message=f"{url} is also the English page at {place}.",
                    hint="Make one row of the two.",
                )


def _unused(rows: Sequence[Mapping[str, str]], path: str, languages: Collection[str]) -> Iterator[Problem]:
    """Yield the first page in each language that the workspace does not have."""
    unknown: dict[str, int] = {}
    for index, pages in enumerate(rows):
        for language in pages:
            if language not in languages:
                unknown.setdefault(language, index)
    for language, index in unknown.items():
        yield Problem(
            check="twins-language",
            level=Level.WARNING,
            path=path,
            pointer=pointer_to("twins", index, "pages", language),
            message=f"the workspace has no edition in {language!r}, so that nothing uses this page.",
            hint="Is the language right? `languages` in healthtopics.toml has those of the workspace.",
        )
