"""Whether all documents of one topic agree, in every format and language.

The accounts of the documents are compared. Within a language everything must agree; between languages
everything except the text.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Literal

from healthtopics.formats.account import Account, CalloutAccount, LinkAccount, Passage, SectionAccount
from healthtopics.language import SOURCE
from healthtopics.layout import topic_path
from healthtopics.problems import Level, Problem, excerpt
from healthtopics.topic import is_copy

Facts = tuple[str, str]
"""The format and the language of a document: `("fhir-r4", "es")`."""


def check_agreement(
    accounts: Mapping[Facts, Account], topic_id: str, held: Collection[str], *, is_free: bool = False
) -> list[Problem]:
    """Return where the documents of one topic contradict one another.

    `accounts` is by format and language. For the languages in `held` there are none, because their documents
    are
    older than the rest. `is_free` says that each language has its own sections: sections that only one
    language
    has are not reported.
    """
    problems: list[Problem] = []
    for (format_, language), account in accounts.items():
        found = _Findings(problems, topic_id, (format_, language))
        if account.language != language:
            found.report(
                "agreement-language", f"the document says that its language is {account.language!r}."
            )
        source = accounts.get((format_, SOURCE))
        if language != SOURCE and source is not None:
            _check_languages(source, account, found, is_free=is_free)
        if language == SOURCE:
            published = {tag for name, tag in accounts if name == format_}
            for tag in sorted((account.translations or {}).keys() - published - set(held)):
                found.report("agreement-translation", f"it names an edition in {tag!r}, and there is none.")
    for language in dict.fromkeys(language for _, language in accounts):
        # Those with fewer facts come last, so that all others are compared with one another.
        formats = sorted(
            (format_ for format_, tag in accounts if tag == language),
            key=lambda format_: _count_gaps(accounts[format_, language]),
        )
        for one, other in pairwise(formats):
            found = _Findings(problems, topic_id, (other, language))
            _check_formats(accounts[one, language], accounts[other, language], one, found)
    return problems


def _count_gaps(account: Account) -> int:
    return [account.codes, account.sections, account.links].count(None)


@dataclass(frozen=True, slots=True)
class _Findings:
    """Collects the problems of one document."""

    problems: list[Problem]
    topic: str
    facts: Facts

    def report(self, check: str, message: str, hint: str = "", level: Level = Level.ERROR) -> None:
        path = "/".join((*self.facts, self.topic))
        hint = hint or (
            f"Both are made from {topic_path(self.topic)} and its catalogues: look there for what the "
            "message quotes. If it is right there, an exporter is wrong; please report it."
        )
        self.problems.append(Problem(check=check, level=level, path=path, message=message, hint=hint))


def _check_formats(one: Account, other: Account, name: str, found: _Findings) -> None:
    """Compare two formats in one language; `name` is the format of the first."""

    def compare(check: str, what: str, expected: object, actual: object) -> None:
        if expected != actual:
            found.report(check, f"{what}: {_short(actual)}, but {_short(expected)} in {name}.")

    compare("agreement-title", "the title", one.title, other.title)
    if one.codes is not None and other.codes is not None:
        compare(
            "agreement-codes",
            "the codes",
            *([code for _, code in codes] for codes in (one.codes, other.codes)),
        )
    if one.sections is not None and other.sections is not None:
        compare("agreement-sections", "the ids of the sections", list(one.sections), list(other.sections))
        for key in one.sections.keys() & other.sections.keys():
            headings = one.sections[key].heading, other.sections[key].heading
            if None not in headings:
                compare("agreement-headings", f"the heading of {key!r}", *headings)
            callouts = ([*map(_said, each[key].callouts)] for each in (one.sections, other.sections))
            compare("agreement-callouts", f"the callouts of {key!r}", *callouts)
    if one.links is not None and other.links is not None:
        compare("agreement-links", "the categories of links", sorted(one.links), sorted(other.links))
        for key in one.links.keys() & other.links.keys():
            _compare_links(f"the links under {key!r}", one.links[key], other.links[key], name, found)


def _compare_links(
    what: str, expected: Sequence[LinkAccount], actual: Sequence[LinkAccount], name: str, found: _Findings
) -> None:
    if len(expected) != len(actual):
        found.report("agreement-links", f"{what}: {len(actual)}, but {len(expected)} in {name}.")
    if [link.url for link in expected] == [link.url for link in actual]:
        return
    for position, (there, here) in enumerate(zip(expected, actual, strict=False), 1):
        if there.url != here.url:
            message = f"{what}: number {position} is {here.url!r}, but {there.url!r} in {name}."
            found.report("agreement-links", message)


def _check_languages(source: Account, account: Account, found: _Findings, *, is_free: bool) -> None:
    """Compare a translation with the edition in the source language, both of one format."""
    if source.codes != account.codes:
        message = f"the codes: {_short(account.codes)}, but {_short(source.codes)} in {SOURCE!r}."
        found.report("agreement-codes", message)
    if source.subject != account.subject:
        message = f"the subject's @id: {account.subject!r}, but {source.subject!r} in {SOURCE!r}."
        found.report("agreement-subject", message)
    _check_reciprocity(source, account, found)
    originals, sections = source.sections or {}, account.sections or {}
    missing = originals.keys() ^ sections.keys()
    if missing and not is_free:
        message = (
            f"only one of the editions in {SOURCE!r} and {found.facts[1]!r} has {_short(sorted(missing))}."
        )
        hint = "This is right if the text belongs to one language only."
        found.report("agreement-sections", message, hint, Level.INFO)
    urgencies, translated = _urgencies(source), _urgencies(account)
    if urgencies != translated:
        message = f"the urgencies of its callouts: {translated}, but {urgencies} in {SOURCE!r}."
        found.report("agreement-callouts", message)
    for key in originals.keys() & sections.keys():
        before, after = originals[key], sections[key]
        if before.aspect != after.aspect:
            message = f"the aspect of {key!r}: {after.aspect!r}, but {before.aspect!r} in {SOURCE!r}."
            found.report("agreement-aspects", message)
        if _holds_copy(before, after) and SOURCE not in after.languages:
            message = f"the text of {key!r} is the {SOURCE!r} one, and nothing says so."
            found.report("agreement-untranslated", message, "Translate it, or mark its language.")


def _said(callout: CalloutAccount) -> tuple[str, ...]:
    """Return what every format gives of a callout."""
    return (callout.urgency, callout.label, *_texts_of(callout))


def _texts_of(callout: CalloutAccount) -> list[str]:
    return [callout.heading, *(each.text for each in callout.passages)]


def _urgencies(account: Account) -> list[str]:
    """Return the urgency of every callout, sorted: a translation may have its sections in another order."""
    sections = (account.sections or {}).values()
    return sorted(callout.urgency for section in sections for callout in section.callouts)


def _holds_copy(source: SectionAccount, section: SectionAccount) -> bool:
    """Return whether the text of a section, or one of its callouts, only repeats the original."""
    return _is_copy(_texts(source.passages), _texts(section.passages)) or any(
        _is_copy(_texts_of(before), _texts_of(after))
        for before, after in zip(source.callouts, section.callouts, strict=False)
    )


def _texts(passages: Iterable[Passage]) -> list[str]:
    return [each.text for each in passages]


def _is_copy(source: Sequence[str], translation: Sequence[str]) -> bool:
    return source == translation and any(map(is_copy, translation, source))


def _check_reciprocity(source: Account, account: Account, found: _Findings) -> None:
    language = found.facts[1]
    if account.original not in (None, source.address):
        named = repr(account.original) if account.original else "none"
        message = f"the original that the translation names is {named}, and not {source.address!r}."
        found.report("agreement-translation", message)
    if source.translations is not None and source.translations.get(language) != account.address:
        message = f"the edition in {SOURCE!r} does not name {account.address!r} as its translation."
        found.report("agreement-translation", message)
    originals, translations = _twins(account, "originals"), _twins(source, "translations")
    if not originals and not translations:
        return
    here, there = ({link.url for link in _links(each)} for each in (account, source))
    for url, named_originals in originals.items():
        for original in sorted(named_originals & there):
            if url not in translations.get(original, ()):
                message = f"the link {url!r} translates {original!r}, which does not name it."
                found.report("agreement-translation", message)
    for original, urls in translations.items():
        for url in sorted(urls & here):
            if original not in originals.get(url, ()):
                message = f"the link {url!r} translates {original!r}, and does not name it."
                found.report("agreement-translation", message)


def _twins(account: Account, what: Literal["originals", "translations"]) -> dict[str, set[str]]:
    """Return the pages that the links to a page name as its originals or translations, by the page.

    Pages whose links name none are left out.
    """
    found: dict[str, set[str]] = {}
    for link in _links(account):
        if named := getattr(link, what):
            found.setdefault(link.url, set()).update(named)
    return found


def _links(account: Account) -> Iterable[LinkAccount]:
    return chain.from_iterable((account.links or {}).values())


def _short(value: object) -> str:
    return excerpt(repr(value), 120)
