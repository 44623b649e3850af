"""Glossaries: documents in, problems out."""

from collections.abc import Iterator, Sequence

from healthtopics.glossary import Family, TermEntry, WordSequence, parse_terms
from healthtopics.jsontext import Document
from healthtopics.problems import Problem, pointer_to
from healthtopics.validation.public import compiled


def check_glossary(document: object, path: str) -> list[Problem]:
    """Return everything wrong with one glossary file."""

    def rules(valid: Document) -> Iterator[Problem]:
        terms = parse_terms(valid)
        yield from _repeated(terms, path)
        for index, term in enumerate(terms):
            yield from _contradictions(term, index, path)

    return compiled("glossary.schema.json").check(document, path, "glossary-schema", rules)


def _repeated(terms: Sequence[TermEntry], path: str) -> Iterator[Problem]:
    """Yield what the file has twice: an id, or the English words of two terms."""
    ids: dict[str, int] = {}
    families: dict[object, tuple[int, str]] = {}
    for index, term in enumerate(terms):
        if (first := ids.setdefault(term.id, index)) != index:
            yield Problem(
                check="glossary-duplicate",
                path=path,
                pointer=pointer_to("terms", index, "id"),
                message=f"the id {term.id!r} is also that of {pointer_to('terms', first)}.",
                hint="Make one term of the two, or give one of them another id.",
            )
        for place, family in enumerate(term.english):
            known, text = families.setdefault(family.words, (index, family.text))
            if known != index or text != family.text:
                yield Problem(
                    check="glossary-duplicate",
                    path=path,
                    pointer=pointer_to("terms", index, "english", place),
                    message=f"{family.text!r} is also English of {terms[known].id!r}, there as {text!r}.",
                    hint="Keep it in one of the two terms; a text could mean either.",
                )


def _contradictions(term: TermEntry, index: int, path: str) -> Iterator[Problem]:
    """Yield words that the term both accepts and forbids."""
    for place, each in enumerate(term.forbidden):
        for family in term.accepted:
            if _covers(each.family, family):
                yield Problem(
                    check="glossary-conflict",
                    path=path,
                    pointer=pointer_to("terms", index, "forbidden", place, "words"),
                    message=f"{each.family.text!r} is forbidden for {term.id!r}, and so is {family.text!r}, "
                    "which is accepted.",
                    hint="Remove one of the two, or write the forbidden words more narrowly.",
                )


def _covers(wide: Family, family: Family) -> bool:
    """Return whether all words of a family, from the first to the last, belong to the other one too."""
    words = WordSequence(family.text.replace("*", "").replace("(", "").replace(")", "")).written
    citation = WordSequence(family.citation).written
    return any(each and wide.end_in(each, 0) == len(each) for each in (citation, words))
