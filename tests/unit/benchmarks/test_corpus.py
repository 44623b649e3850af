import hashlib
import html
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from corpus import ENGLISH, SPANISH, STRUCTURES, Corpus, Plan, write
from support.samples import ROOT

TOPICS = 200
CHILDREN = (
    "also-called", "full-summary", "group", "language-mapped-topic", "mesh-heading", "other-language",
    "primary-institute", "related-topic", "see-reference", "site",
)  # fmt: skip
SITE_CHILDREN = ("information-category", "organization", "standard-description")
DATE = re.compile(r'date-generated="(\d\d/\d\d)/2026 02:30:32"')
ENGLISH_ONLY = {"mesh-heading", "other-language"}

Record = Any  # an lxml element
Records = dict[int, Record]


class Pair:
    """Both records of a topic, as a reader finds them."""

    def __init__(self, english: Record, spanish: Record | None) -> None:
        self.english = english
        self.spanish = spanish

    @property
    def both(self) -> list[Record]:
        return [self.english] if self.spanish is None else [self.english, self.spanish]

    @property
    def summaries(self) -> list[str]:
        return [record.findtext("full-summary") or "" for record in self.both]

    @property
    def spanish_sites(self) -> list[Record]:
        return [] if self.spanish is None else self.spanish.findall("site")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(TOPICS, seed=1)


@pytest.fixture(scope="module")
def records(corpus: Corpus) -> Records:
    return parsed(corpus)


@pytest.fixture(scope="module")
def pairs(records: Records) -> list[Pair]:
    english = [record for record in records.values() if record.get("language") == "English"]
    return [Pair(record, records.get(twin_of(record))) for record in english]


def parsed(corpus: Corpus) -> Records:
    root = etree.fromstring("".join(corpus.lines()).encode())
    assert root.tag == "health-topics"
    assert root.get("total") == str(len(root))
    records: list[Record] = list(root)
    return {int(record.get("id")): record for record in records}


def twin_of(record: Record) -> int:
    twin = record.find("language-mapped-topic")
    return -1 if twin is None else int(twin.get("id"))


def plain(text: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", text))


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", plain(text))


def test_the_same_arguments_give_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    digests = set()
    for seed in ("0", "1"):
        out = tmp_path / f"{seed}.xml"
        subprocess.run(
            [sys.executable, ROOT / "benchmarks" / "corpus.py", out, "--topics", "20"],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        digests.add(hashlib.sha256(out.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_another_seed_gives_another_collection() -> None:
    assert "".join(Corpus(10, seed=1).lines()) != "".join(Corpus(10, seed=2).lines())


def test_it_says_that_it_is_synthetic(records: Records, corpus: Corpus) -> None:
    prolog = "".join(corpus.lines()).partition("<health-topics")[0]
    assert "<!-- SYNTHETIC: made-up topics" in prolog
    for record in records.values():
        assert re.search(r"\((synthetic|sintético) \d{4}\)$", record.get("title"))


def test_elements_are_in_the_order_of_the_format(records: Records) -> None:
    for record in records.values():
        found = [child.tag for child in record]
        assert found == sorted(found, key=CHILDREN.index)
        assert all(found.count(single) <= 1 for single in ("full-summary", "primary-institute"))
        if record.get("language") == "Spanish":
            assert not ENGLISH_ONLY & set(found)
        for site in record.findall("site"):
            below = [child.tag for child in site]
            assert below == sorted(below, key=SITE_CHILDREN.index)


def test_twins_name_each_other_and_no_arithmetic_leads_from_one_to_the_other(records: Records) -> None:
    distances: Counter[int] = Counter()
    for number, record in records.items():
        if (twin := twin_of(record)) != -1:
            assert twin_of(records[twin]) == number
            assert records[twin].get("language") != record.get("language")
            distances[twin - number] += 1
    assert max(distances.values()) == 1


def test_related_topics_are_in_the_file_in_the_same_language(records: Records) -> None:
    for record in records.values():
        for related in record.findall("related-topic"):
            assert records[int(related.get("id"))].get("language") == record.get("language")
            assert records[int(related.get("id"))].get("title") == related.text


def test_a_group_has_one_id_in_both_languages(pairs: list[Pair]) -> None:
    for pair in pairs:
        ids = [[group.get("id") for group in record.findall("group")] for record in pair.both]
        assert ids[0] == ids[-1]


def test_titles_and_summaries_are_distinct(records: Records) -> None:
    assert len({record.get("title") for record in records.values()}) == len(records)
    summaries = [text for record in records.values() if (text := record.findtext("full-summary"))]
    assert len(set(summaries)) == len(summaries)


def test_conditions_are_distinct_at_ten_times_the_size() -> None:
    corpus = Corpus(10_200, seed=1)
    assert len({corpus.name(index).bare for index in range(corpus.topics)}) == corpus.topics


def test_numbers_agree_in_every_pair_of_sentences(corpus: Corpus) -> None:
    count = 0
    for index in range(corpus.topics):
        for english, spanish in corpus.sentences(index):
            assert sorted(numbers(english)) == sorted(numbers(spanish)), (english, spanish)
            assert english != spanish
            count += bool(numbers(english))
    assert count > 1000


def test_a_spanish_question_opens_as_it_closes(corpus: Corpus) -> None:
    for index in range(corpus.topics):
        for _english, spanish in corpus.sentences(index):
            assert plain(spanish).count("¿") == plain(spanish).count("?")
            assert plain(spanish).count("¡") == plain(spanish).count("!")
            assert not re.search(r"\b(de|a) el\b", spanish)


def contains(pattern: str) -> Callable[[Pair], bool]:
    """Return a detector that wants the pattern in every summary of the topic."""
    return lambda pair: (
        any(pair.summaries) and all(re.search(pattern, summary) for summary in pair.summaries if summary)
    )


def is_stray(pair: Pair) -> bool:
    inside = r"(?s)<(p|h2|h3)\b[^>]*>.*?</\1>|<ul>.*</ul>"
    return any(re.sub(inside, "", summary).strip() for summary in pair.summaries)


def repeats_a_synonym(pair: Pair) -> bool:
    return all(
        {each.text for each in record.findall("also-called")}
        & {each.text for each in record.findall("see-reference")}
        for record in pair.both
    )


def repeats_a_title(pair: Pair) -> bool:
    spanish = {site.get("url"): site.get("title") for site in pair.spanish_sites}
    titles: dict[str, set[str]] = {}
    for site in pair.english.findall("site"):
        if site.get("language-mapped-url") in spanish:
            titles.setdefault(site.get("title"), set()).add(spanish[site.get("language-mapped-url")])
    return any(len(each) > 1 for each in titles.values())


def is_asymmetric(pair: Pair) -> bool:
    english = {site.get("url"): site.get("language-mapped-url") for site in pair.english.findall("site")}
    mapped = [(site.get("url"), site.get("language-mapped-url")) for site in pair.spanish_sites]
    one_sided = [url for url, twin in mapped if twin in english and english[twin] != url]
    other_sided = [url for url, twin in mapped if twin is None and url in english.values()]
    return bool(one_sided and other_sided)


def has_category(pattern: str) -> Callable[[Pair], bool]:
    return lambda pair: any(
        re.match(pattern, category.text)
        for site in pair.spanish_sites
        for category in site.findall("information-category")
    )


def spanish_entries(pair: Pair) -> int:
    return sum(each.text == "Spanish" for each in pair.english.findall("other-language"))


DETECTORS: dict[str, Callable[[Pair], bool]] = {
    "no-twin": lambda pair: pair.spanish is None,
    "meta-desc-missing": lambda pair: all(record.get("meta-desc") is None for record in pair.both),
    "meta-desc-long": lambda pair: any(len((r.get("meta-desc") or "").strip()) > 200 for r in pair.both),
    "meta-desc-trailing-space": lambda pair: (pair.english.get("meta-desc") or "").endswith(" "),
    "summary-missing": lambda pair: pair.english.find("full-summary") is None,
    "summary-missing-in-spanish": lambda pair: (
        pair.spanish is not None and bool(pair.summaries[0]) and pair.spanish.find("full-summary") is None
    ),
    "summary-empty": lambda pair: pair.english.findtext("full-summary") == "",
    "empty-paragraph": contains("<p></p>"),
    "stray-text": is_stray,
    "tab": contains("<li>\t"),
    "double-space": contains(r"\S  \S"),
    "no-break-space": contains("\u00a0"),
    "narrow-no-break-space": contains("\u202f"),
    "quotes": contains(r'(?<!=)"[^"<>]+"(?=,)'),
    "relative-link": contains(r'<a href="\w+\.html" tid="\d+">'),
    "data-tid": contains(r'data-tid="\d+"'),
    "http-link": contains('href="http://'),
    "ampersand-link": contains("&amp;.*&amp;"),
    "nested-list": contains(r"<ul>(?:(?!</ul>)[\s\S])*<ul>"),
    "h2": contains("<h2>"),
    "other-language-raw": lambda pair: any(
        " " in each.get("url") for each in pair.english.findall("other-language")
    ),
    "spanish-twice": lambda pair: spanish_entries(pair) == 2,
    "also-called-repeated": repeats_a_synonym,
    "dashes-in-title": lambda pair: "--" in pair.english.get("title"),
    "repeated-site-title": repeats_a_title,
    "asymmetric-site": is_asymmetric,
    "spanish-only-site": lambda pair: any("/recursos/" in site.get("url") for site in pair.spanish_sites),
    "non-display": has_category("NON-DISPLAY"),
    "espanol-category": has_category("Spanish/Español"),
}


def test_every_dirt_is_found_as_often_as_it_is_counted(corpus: Corpus, pairs: list[Pair]) -> None:
    found = {name: sum(map(is_found, pairs)) for name, is_found in DETECTORS.items()}
    counted = corpus.counts()["dirt"]
    assert found == counted
    assert min(counted.values()) > 0


def test_every_attribution_is_found_as_often_as_it_is_counted(corpus: Corpus, pairs: list[Pair]) -> None:
    found: Counter[str] = Counter()
    for pair in pairs:
        last = pair.summaries[0].rpartition("\n")[2]
        attributes = re.match("<p (.*)>NIH: Synthetic Institute", last)
        found[attributes[1] if attributes else "none" if last else "no summary"] += 1
    assert found == corpus.counts()["attributions"]


def test_counts_are_of_what_is_in_the_file(corpus: Corpus, pairs: list[Pair], records: Records) -> None:
    counted = corpus.counts()
    assert counted["synthetic"] is True
    assert counted["topics"] == len(pairs) == TOPICS
    assert counted["records"] == len(records)
    assert counted["pairs"] == len(records) - len(pairs)
    assert counted["english-sites"] == sum(len(pair.english.findall("site")) for pair in pairs)
    assert counted["spanish-sites"] == sum(len(pair.spanish_sites) for pair in pairs)
    assert sum(counted["structures"].values()) == TOPICS


def skeleton(summary: str) -> list[str]:
    return re.findall(r"<(p|h2|h3|ul|li)\b", summary.replace("<p></p>", ""))


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_structure_shows_in_the_summaries(corpus: Corpus, structure: str) -> None:
    chosen = [index for index in range(TOPICS) if corpus.plan(index).structure == structure]
    both = [index for index in chosen if corpus.has_twin(index)]
    assert both
    for index in both:
        english, spanish = (skeleton(corpus.summary(index, side)) for side in (ENGLISH, SPANISH))
        is_same = structure in ("same", "no-headings")
        if structure != "sections-reordered":  # two sections may be built alike
            assert (english == spanish) is is_same
        if structure == "sections-reordered":
            assert sorted(english) == sorted(spanish)
        assert ("h2" in english or "h3" in english) is (structure != "no-headings")


def test_the_next_day_changes_what_it_says_and_no_other_byte() -> None:
    today, tomorrow = Corpus(60, seed=3), Corpus(60, seed=3, edit=4)
    edits = tomorrow.counts()["edits"]
    before, after = (
        {key: etree.tostring(r) for key, r in parsed(each).items()} for each in (today, tomorrow)
    )
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert changed == {*edits["english"], *edits["spanish"]}
    assert len(edits["english"]) == len(edits["spanish"]) == 4
    assert before.keys() - after.keys() == set(edits["withdrawn"]) != set()
    assert after.keys() - before.keys() == set(edits["added"]) != set()
    assert [DATE.findall("".join(each.lines())) for each in (today, tomorrow)] == [["11/10"], ["11/11"]]


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_related_to_a_withdrawn_topic(seed: int) -> None:
    after = parsed(Corpus(20, seed=seed, edit=1))
    related = {int(each.get("id")) for record in after.values() for each in record.findall("related-topic")}
    assert related <= after.keys()


def test_as_many_topics_of_a_kind_as_the_shares_say() -> None:
    corpus = Corpus(300, seed=7)
    plans: list[Plan] = [corpus.plan(index) for index in range(300)]
    assert sum("no-twin" in plan.dirt for plan in plans) == 6
    assert sum("h2" in plan.dirt for plan in plans) <= 45


@pytest.mark.parametrize("topics", [0, 9, 15_000])
def test_a_size_that_cannot_be_made_is_refused(topics: int) -> None:
    with pytest.raises(ValueError, match="topics: give a number"):
        Corpus(topics, seed=1)


def test_more_edits_than_topics_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too many"):
        write(Corpus(10, seed=1, edit=10), tmp_path / "out.xml")
