"""What two releases differ in, for whom: by topic and language, as values and in words."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

from healthtopics.errors import IntegrityError
from healthtopics.formats.account import SectionAccount
from healthtopics.formats.table import find_format
from healthtopics.publishing.deciding import read_index
from healthtopics.publishing.editions import Cards
from healthtopics.release import (
    Manifest,
    Opened,
    Store,
    compare,
    numbers,
    open_release,
    read_artifact,
    reasons_besides_topics,
)
from healthtopics.topic import Card

_SHOWN: Final = 10
"""This many topics are described one by one, and named in a group."""
_READ: Final = 200
"""The documents of this many editions are read, to say which sections differ."""
_SECTIONS: Final = 5
"""This many sections of an edition are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTitles:
    """A topic that came or went."""

    topic: str
    titles: Mapping[str, str]
    """By language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionDifference:
    """An edition that differs, of a topic that both releases have."""

    topic: str
    language: str
    title: str
    kind: str
    """`added`, `removed`; `changed` if its content did; `form` if only dates, links or the form did."""
    what: tuple[str, ...] = ()
    """What changed, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDifference:
    """What a reader of the old release sees differently in the new one."""

    old: int
    new: int
    added: tuple[TopicTitles, ...]
    withdrawn: tuple[TopicTitles, ...]
    editions: tuple[EditionDifference, ...]
    held: tuple[tuple[str, str], ...]
    """(topic, language) of the editions that are held since."""
    no_longer_held: tuple[tuple[str, str], ...]
    addresses: tuple[tuple[str, ...], tuple[str, ...]]
    """The address that came and the one that went, after a trial; of most releases none."""
    languages: tuple[tuple[str, ...], tuple[str, ...]]
    """Those that came, and those that went."""
    formats: tuple[tuple[str, ...], tuple[str, ...]]
    """Those that came, and those that went."""
    artifacts: Mapping[str, int]
    """How many artifacts were added, changed and removed."""
    reasons: tuple[str, ...] = ()
    """Why the newer one came, in words, if no topic differs."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self) | {"artifacts": dict(self.artifacts)}

    @property
    def undone(self) -> tuple[str, ...]:
        """The corrections that the old release has and the new one has not: in words, by edition."""
        return tuple(
            f"{each.topic} ({each.language}): {what.removeprefix(_UNDONE)}"
            for each in self.editions
            for what in each.what
            if what.startswith(_UNDONE)
        )


_UNDONE: Final = "no longer corrected: "


def differ(store: Store, old: Opened, new: Opened) -> ReleaseDifference:
    """Compare two releases; raises IntegrityError if an index is damaged."""
    before, after = read_index(store, old.manifest.files).cards, read_index(store, new.manifest.files).cards
    changes = compare(new.manifest, old.manifest, {})
    touched = {(each.get("topic"), each.get("language")) for each in changes["changed"]}
    held_before, held_after = _held(old.manifest), _held(new.manifest)
    return ReleaseDifference(
        old=old.manifest.number,
        new=new.manifest.number,
        added=_titles(after, after.keys() - before.keys()),
        withdrawn=_titles(before, before.keys() - after.keys()),
        editions=tuple(_editions(before, after, touched, partial(_texts, store, old.manifest, new.manifest))),
        held=tuple(sorted(held_after - held_before)),
        no_longer_held=tuple(sorted(held_before - held_after)),
        addresses=_came_and_went([old.manifest.base_url], [new.manifest.base_url]),
        languages=_came_and_went(old.manifest.languages, new.manifest.languages),
        formats=_came_and_went(_formats(old.manifest), _formats(new.manifest)),
        artifacts={kind: len(changes[kind]) for kind in ("added", "changed", "removed")},
        reasons=reasons_besides_topics(new.manifest, old.manifest),
    )


def describe(difference: ReleaseDifference) -> Iterator[str]:
    """Yield the difference in words, a line each; many topics are grouped, and each group is cut."""
    for verb, topics in (("New topics", difference.added), ("Withdrawn topics", difference.withdrawn)):
        if topics:
            yield f"{verb}: {_some([_titled(each) for each in topics])}."
    for verb, (came, went) in (
        ("Address", difference.addresses),
        ("Languages", difference.languages),
        ("Formats", difference.formats),
    ):
        changes = [f"{', '.join(came)} new"] * bool(came) + [f"{', '.join(went)} gone"] * bool(went)
        if changes:
            yield f"{verb}: {'; '.join(changes)}."
    yield from _describe_editions(difference.editions)
    for verb, held in (
        ("Held since then", difference.held),
        ("No longer held", difference.no_longer_held),
    ):
        if held:
            yield f"{verb}: {_some([f'{topic} ({language})' for topic, language in held])}."
    counts = difference.artifacts
    if difference.reasons:
        yield f"No topic changed. Reasons for the release: {'; '.join(difference.reasons)}."
    if not any(counts.values()) and not difference.reasons:
        yield "Nothing differs for readers."
    else:
        yield (
            f"Artifacts: {counts['added']:,} added, {counts['changed']:,} changed, "
            f"{counts['removed']:,} removed."
        )


_KINDS: Final = {
    "added": "New editions",
    "removed": "Editions gone",
    "changed": "Changed",
    "form": "Only dates, links or form changed",
}


def _describe_editions(editions: Sequence[EditionDifference]) -> Iterator[str]:
    for kind, words in _KINDS.items():
        own = [each for each in editions if each.kind == kind]
        if not own:
            continue
        if kind == "changed" and len(own) <= _SHOWN:
            yield from map(_described, own)
            continue
        by_language = Counter(each.language for each in own)
        counts = ", ".join(f"{number:,} in {language}" for language, number in sorted(by_language.items()))
        yield f"{words}, {counts}: {_some(list(dict.fromkeys(each.topic for each in own)))}."
        if kind == "changed":
            corrected = [each for each in own if any("correct" in what for what in each.what)]
            yield from map(_described, corrected[:_SHOWN])


def _described(edition: EditionDifference) -> str:
    return f"{edition.topic} ({edition.language}): {'; '.join(edition.what).rstrip('.')}."


def _editions(
    before: Cards,
    after: Cards,
    touched: Iterable[tuple[str, str]],
    texts: Callable[[str, str], tuple[str, ...]],
) -> Iterator[EditionDifference]:
    found, read = set(touched), 0
    for topic in sorted(before.keys() & after.keys()):
        old, new = before[topic], after[topic]
        for language in sorted({*old, *new}):
            was, now = old.get(language), new.get(language)
            card = now or was
            if card is None or (was == now and (topic, language) not in found):
                continue
            what: tuple[str, ...] = ()
            if was is None or now is None:
                kind = "added" if was is None else "removed"
            else:
                what = _what(was, now)
                if was.content != now.content:
                    read += 1
                    what += texts(topic, language) if read <= _READ else ("text",) * (not what)
                kind = "changed" if what else "form"
            yield EditionDifference(topic=topic, language=language, title=card.title, kind=kind, what=what)


def _what(old: Card, new: Card) -> tuple[str, ...]:
    """Return what changed in an edition, in words."""
    found = [f"corrected: {each.what}" for each in new.corrections if each not in old.corrections]
    found += [_UNDONE + each.what for each in old.corrections if each not in new.corrections]
    if old.title != new.title:
        found.append(f"title “{old.title}” → “{new.title}”")
    for words, name in (
        ("description", "description"),
        ("other names", "synonyms"),
        ("index terms", "index_terms"),
        ("codes", "codes"),
        ("groups", "groups"),
        ("related topics", "related"),
        ("kind", "kind"),
    ):
        if getattr(old, name) != getattr(new, name):
            found.append(words)
    if old.review_by != new.review_by:
        found.append(f"next review by {new.review_by}" if new.review_by else "no next review planned")
    return tuple(found)


def _texts(store: Store, old: Manifest, new: Manifest, topic: str, language: str) -> tuple[str, ...]:
    """Return which sections of an edition differ, in words, by what its documents say."""
    try:
        before, after = (_sections(store, each, topic, language) for each in (old, new))
    except (IntegrityError, LookupError, TypeError, AttributeError, ValueError):
        return ("text",)  # damaged, or a document of a version that had another form
    found = []
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was != now:
            heading = getattr(now or was, "heading", None) or key
            verb = "new section" if was is None else "section gone" if now is None else "text of"
            found.append(f"{verb} “{heading}”")
    more = [f"{len(found) - _SECTIONS} more sections"] if len(found) > _SECTIONS else []
    return (*found[:_SECTIONS], *more)


def _sections(store: Store, manifest: Manifest, topic: str, language: str) -> Mapping[str, SectionAccount]:
    for format_ in filter(None, map(find_format, _formats(manifest))):
        artifact = manifest.files.get(name := format_.artifact(language, topic))
        if artifact is not None:
            sections = format_.read(format_.parse(read_artifact(store, name, artifact))).sections
            if sections is not None:
                return sections
    return {}


def _titles(cards: Cards, topics: Iterable[str]) -> tuple[TopicTitles, ...]:
    return tuple(
        TopicTitles(topic=topic, titles={str(tag): card.title for tag, card in cards[topic].items()})
        for topic in sorted(topics)
    )


def _titled(topic: TopicTitles) -> str:
    languages: Iterable[str] = topic.titles
    return f"{topic.topic} “{next(iter(topic.titles.values()))}” ({', '.join(languages)})"


def _held(manifest: Manifest) -> set[tuple[str, str]]:
    return {(each.topic, each.language) for each in manifest.held}


def _formats(manifest: Manifest) -> list[str]:
    return sorted({each.format for each in manifest.files.values() if each.topic})


def _came_and_went(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(each for each in new if each not in old), tuple(each for each in old if each not in new)


def _some(names: Sequence[str]) -> str:
    more = f" … and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def held_since(store: Store, opened: Opened) -> dict[tuple[str, str], tuple[int, str]]:
    """Return number and time of the release since which each held edition is, by (topic, language).

    What was pruned cannot be asked: an edition may be held for longer than that.
    """
    manifest, known = opened.manifest, frozenset(numbers(store))
    waiting = _held(manifest)
    found: dict[tuple[str, str], tuple[int, str]] = {}
    while waiting:
        found |= dict.fromkeys(waiting, (manifest.number, manifest.time))
        if manifest.previous is None or manifest.previous.number not in known:
            break
        manifest = open_release(store, manifest.previous.number).manifest
        waiting &= _held(manifest)
    return found
