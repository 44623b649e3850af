"""Whether all documents of one topic agree, in every format and language.

The accounts of the documents are compared: each with that of the localized topic, the formats of one language
with one another, and the languages of one format, in everything except the text.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, zip_longest
from typing import Final, Literal, TypeGuard

from healthtopics.formats.account import Account, CalloutAccount, LinkAccount, Mark, Passage, SectionAccount
from healthtopics.language import SOURCE
from healthtopics.layout import topic_path
from healthtopics.problems import Level, Problem, quoted
from healthtopics.topic import is_copy
from healthtopics.validation.expected import Expected

Facts = tuple[str, str]
"""The format and the language of a document: `("fhir-r4", "es")`."""


_MOST_SHOWN: Final = 5
"""This many values of a list are quoted."""


def check_agreement(
    accounts: Mapping[Facts, Account],
    topic_id: str,
    held: Collection[str],
    *,
    expected: Mapping[Facts, Expected] = {},
    is_free: bool = False,
) -> list[Problem]:
    """Return where the documents of one topic contradict it or one another.

    `accounts` is by format and language; `expected` has what they should be. For the languages in `held`
    there are none, because their documents are older than the rest. `is_free` says that each language has
    its own sections: sections that only one language has are not reported.
    """
    problems: list[Problem] = []
    compared: list[tuple[Expected, Account]] = []
    for facts, account in accounts.items():
        found = _Findings(problems, topic_id, facts)
        if account.language != facts[1]:
            found.report(
                "agreement-language", f"the document says that its language is {_short(account.language)}."
            )
        if facts in expected:
            for each in (account, *account.embedded):
                # A page has the document of another format.
                due = expected[facts]
                if not any(due is known and each is other for known, other in compared):
                    compared.append((due, each))
                    _check_topic(due, each, found)
        _check_edition(account, accounts, found, held, is_free=is_free)
    for language in dict.fromkeys(language for _, language in accounts):
        # Those with fewer facts come last, so that all others are compared with one another.
        formats = sorted(
            (format_ for format_, tag in accounts if tag == language),
            key=lambda format_: _count_gaps(accounts[format_, language]),
        )
        for one, other in pairwise(formats):
            if not {(one, language), (other, language)} <= expected.keys():  # else the topic is between them
                found = _Findings(problems, topic_id, (other, language))
                _check_formats(accounts[one, language], accounts[other, language], one, found)
    return problems


def _check_edition(
    account: Account,
    accounts: Mapping[Facts, Account],
    found: "_Findings",
    held: Collection[str],
    *,
    is_free: bool,
) -> None:
    """Compare a document with the others of its format."""
    format_, language = found.facts
    source = accounts.get((format_, SOURCE))
    if language != SOURCE:
        if source is not None:
            _check_languages(source, account, found, is_free=is_free)
        return
    published = {tag for name, tag in accounts if name == format_}
    for tag in sorted((account.translations or {}).keys() - published - set(held)):
        found.report("agreement-translation", f"it names an edition in {tag!r}, and there is none.")


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


def _check_topic(wanted: Expected, actual: Account, found: _Findings) -> None:
    """Compare a document with the localized topic that it was made from."""
    name = topic_path(found.topic)
    expected = wanted.account
    for what, values, place in actual.facts:
        choices = wanted.facts.get(what, ((),))
        if values not in choices:
            where = f" ({place})" if place else ""
            message = f"{what}{where}: {_difference(next(iter(choices)), values, name)}"
            found.report("agreement-facts", message)
    if actual.sections is not None and expected.sections is not None:
        _check_text(expected.sections, actual, wanted.notes, name, found)
    if actual.links is not None and expected.links is not None:
        categories = sorted(expected.links), sorted(actual.links)
        _compare("agreement-links", "the categories of links", *categories, name=name, found=found)
        for key in filter(expected.links.__contains__, actual.links):
            _compare_links(f"the links under {key!r}", expected.links[key], actual.links[key], name, found)


def _check_text(
    expected: Mapping[str, SectionAccount],
    actual: Account,
    notes: Collection[str],
    name: str,
    found: _Findings,
) -> None:
    """Compare the sections with those of the topic, and the attributions, wherever they are."""
    sections = actual.sections or {}
    shown = [key for key, section in expected.items() if section.is_shown or key in sections]
    _compare("agreement-sections", "the ids of the sections", shown, list(sections), name, found)
    credits_ = [*actual.credits, *_attributions(sections.values())]
    text = _Text(actual, notes, name, found)
    for key in filter(expected.__contains__, sections):
        if text.check_section(key, expected[key], sections[key]):
            credits_ += _attributions([expected[key]])
    credited = _distinct(_attributions(expected.values()))
    _compare("agreement-text", "the attributions", credited, _distinct(credits_), name, found)


@dataclass(frozen=True, slots=True)
class _Text:
    """Compares the text of a document with that of the topic: blocks in their order, and callouts."""

    document: Account
    notes: Collection[str]
    name: str
    found: _Findings

    def check_section(self, key: str, wanted: SectionAccount, section: SectionAccount) -> bool:
        """Compare a section; return whether its text has the attributions, as in some plain formats."""
        if section.heading is not None:
            self._compare(
                "agreement-headings", f"the heading of {key!r}", [wanted.heading], [section.heading]
            )
        here = self._blocks(section.passages)
        passages, languages = wanted.passages, wanted.languages
        if section.heading is None and wanted.is_headed:  # the format does not separate it from the text
            passages = (_heading(wanted), *passages)
            languages |= {wanted.heading_language}
        is_credited = self.document.is_plain and here == [each.text for each in wanted.passages]
        if not is_credited:
            self._compare("agreement-text", f"the text of {key!r}", self._blocks(passages), here)
        if not self.document.is_plain and (spoken := sorted(section.languages - languages)):
            message = f"the text of {key!r} is marked as {_short(spoken)}, it is not in {self.name}."
            self.found.report("agreement-text", message)
        callouts = map(self._callouts, (wanted, section))
        self._compare("agreement-callouts", f"the callouts of {key!r}", *callouts)
        return is_credited

    def _compare(self, check: str, what: str, expected: Sequence[object], actual: Sequence[object]) -> None:
        _compare(check, what, expected, actual, self.name, self.found)

    def _blocks(self, passages: Iterable[Passage]) -> list[object]:
        """Return what is compared of some passages; the words for an English page differ between formats."""
        shown = (each for each in passages if each.kind != "attribution")
        if self.document.is_plain:
            return [each.text for each in shown]
        return [
            each._replace(notes=tuple(SOURCE if note in self.notes else note for note in each.notes))
            if each.notes
            else each
            for each in shown
        ]

    def _callouts(self, section: SectionAccount) -> list[object]:
        return [
            (*each[:3], *(() if self.document.is_plain else each.marks), *self._blocks(each.passages))
            for each in section.callouts
        ]


def _heading(section: SectionAccount) -> Passage:
    words, language = str(section.heading), section.heading_language
    return Passage(words, "heading", marks=(Mark(language, words),) if language else ())


def _distinct(passages: Iterable[Passage]) -> list[str]:
    return list(dict.fromkeys(each.text for each in passages))


def _compare(
    check: str, what: str, expected: Sequence[object], actual: Sequence[object], name: str, found: _Findings
) -> None:
    if expected != actual:
        found.report(check, f"{what}: {_difference(expected, actual, name)}")


def _attributions(sections: Iterable[SectionAccount]) -> Iterator[Passage]:
    for section in sections:
        yield from (each for each in section.passages if each.kind == "attribution")


def _difference(expected: Sequence[object], actual: Sequence[object], name: str) -> str:
    """Return what two sequences say where they first differ, the second being the document's."""
    pairs = enumerate(zip_longest(actual, expected), 1)
    at, (here, there) = next((number, pair) for number, pair in pairs if pair[0] != pair[1])
    member = ""
    while _is_record(here) and _is_record(there) and len(here) == len(there):
        names = getattr(here, "_fields", ("",) * len(here))
        member, here, there = next(
            each for each in zip(names, here, there, strict=True) if each[1] != each[2]
        )
    position = (
        f"number {at}{f', its {member}' * bool(member)} is " if max(len(expected), len(actual)) > 1 else ""
    )
    return f"{position}{_shown(here)}, but {_shown(there)} in {name}."


def _is_record(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple) and not isinstance(value, Passage)


def _shown(value: object) -> str:
    if isinstance(value, Passage):
        more = [*(f"{each.kind} on {each.words!r}" for each in value.marks), value.lists]
        return " ".join(filter(None, (value.kind, quoted(value.text, 120), *more)))
    return _short(value)


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
        message = f"the subject's @id: {_short(account.subject)}, but {_short(source.subject)} in {SOURCE!r}."
        found.report("agreement-subject", message)
    _check_unique(source, account, found)
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
        message = (
            f"the urgencies of its callouts: {_short(translated)}, but {_short(urgencies)} in {SOURCE!r}."
        )
        found.report("agreement-callouts", message)
    for key in originals.keys() & sections.keys():
        before, after = originals[key], sections[key]
        # In schema.org, a section without text has no aspect.
        if bool(before.passages) == bool(after.passages) and before.aspect != after.aspect:
            message = (
                f"the aspect of {key!r}: {_short(after.aspect)}, but {_short(before.aspect)} in {SOURCE!r}."
            )
            found.report("agreement-aspects", message)
        if _holds_copy(before, after) and SOURCE not in after.languages:
            message = f"the text of {key!r} is the {SOURCE!r} one, and nothing says so."
            found.report("agreement-untranslated", message, "Translate it, or mark its language.")


def _check_unique(source: Account, account: Account, found: _Findings) -> None:
    """Check what distinguishes the editions for archives and programs."""
    originals = {(each.what, each.values) for each in source.unique}
    for what, values, place in account.unique:
        if (what, values) in originals:
            message = f"{what} ({place}): {_short(values[0])}, which is that of the edition in {SOURCE!r}."
            hint = "An archive would take one for the other. An exporter is wrong; please report it."
            found.report("agreement-facts", message, hint)


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
        named = _short(account.original or None)
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
    """Return what a document says as messages quote it."""
    if isinstance(value, list | tuple):
        shown = [_short(each) for each in value[:_MOST_SHOWN]]
        more = f"{len(value) - len(shown)} more"
        return ", ".join([*shown, more] if len(shown) < len(value) else shown) or "nothing"
    return "nothing" if value is None else quoted(str(value), 120)
