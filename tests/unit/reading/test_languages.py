"""Knowledge about a language is data: complete, without contradictions, and nowhere else."""

import ast
import copy
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from healthtopics.checks.table import check_pair
from healthtopics.checks.values import Pair
from healthtopics.errors import LanguageDataError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading import languages, tokens
from healthtopics.reading.contrasts import contrast_sets
from healthtopics.reading.languages import (
    hints_of,
    is_known,
    language_of,
    lexicon_of,
    parse_language_data,
    parse_source_words,
    prose_of,
    source_words,
)
from healthtopics.reading.lexicon import Negation
from healthtopics.reading.members import Member
from healthtopics.reading.tokens import Token, tokenise
from healthtopics.schema import DATA, MessageRule, packaged

FILES: dict[str, dict[str, Any]] = {
    path.name: json.loads(path.read_bytes())
    for path in (DATA / "languages").iterdir()
    if path.name.endswith(".json")
}
SCHEMA = packaged("language.schema.json")
PACKAGE = Path(languages.__file__).parents[1]


def parse(data: Any, name: str = "xx.json") -> None:
    member = Member(f"data/languages/{name}", data)
    parse_language_data(member)
    if isinstance(data, dict) and "source" in data:
        parse_source_words(member)


# ── the files ──


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_as_its_schema_says(name: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(FILES[name])
    assert is_known(LanguageTag(name.removesuffix(".json")))


def members(value: Any, *way: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to all members of a file that its schema names."""
    described = {
        "": SCHEMA["properties"],
        "prose": SCHEMA["$defs"]["prose"]["properties"],
        "register": SCHEMA["$defs"]["prose"]["properties"]["register"]["properties"],
        "source": SCHEMA["$defs"]["source"]["properties"],
        **{name: schema.get("properties", {}) for name, schema in SCHEMA["properties"].items()},
        "joins": SCHEMA["properties"]["numbers"]["properties"]["joins"]["properties"],
        "half_days": SCHEMA["properties"]["calendar"]["properties"]["half_days"]["properties"],
    }
    for name, member in value.items():
        if name in described.get(way[-1] if way else "", {}):
            yield (*way, name)
            if isinstance(member, dict):
                yield from members(member, *way, name)


DEEP = {("numbers", "decimal_marks"), ("negation", "before_echo")}
OPTIONAL = {
    (name,)
    for name in (
        "$schema", "prose", "importing", "ease", "source", "contrasts", "cognates", "synonyms", "spelling"
    )
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "way"),
    [
        pytest.param(name, way, id=f"{name}#/{'/'.join(way)}")
        for name, data in FILES.items()
        for way in members(data)
        if way not in {*OPTIONAL, ("numbers", "decimal_marks"), ("negation", "before_echo")}
        and (name == "es.json" or way[0] == "source")
    ],
)
def test_a_member_that_is_missing_is_named_with_its_place_and_what_to_do(
    name: str, way: tuple[str, ...]
) -> None:
    data = copy.deepcopy(FILES[name])
    *above, last = way
    holder = data
    for step in above:
        holder = holder[step]
    del holder[last]
    with pytest.raises(LanguageDataError) as caught:
        parse(data, name)
    (problem,) = caught.value.problems
    assert problem.place == "#".join(
        [f"data/languages/{name}", *filter(None, ["".join(f"/{s}" for s in above)])]
    )
    assert f"“{last}” is missing" in problem.message
    assert problem.hint == "Add it; schema/language.schema.json describes every member."


def test_the_schema_requires_what_the_code_requires() -> None:
    assert {*SCHEMA["properties"]} - {*SCHEMA["required"]} == {name for (name,) in OPTIONAL}


def test_a_file_without_hints_is_a_clear_error() -> None:
    data = {name: member for name, member in FILES["es.json"].items() if name != "hints"}
    with pytest.raises(LanguageDataError) as caught:
        parse(data, "es.json")
    assert str(caught.value) == (
        "data/languages/es.json  error  language-data  the member “hints” is missing.\n"
        "  hint: Add it; schema/language.schema.json describes every member."
    )


@pytest.mark.parametrize(
    ("way", "value", "message"),
    [
        (["hints", "date"], 3, "is not a string."),
        (["neutral"], "sin embargo", "is not an array."),
        (["negation"], [], "is not an object."),
        (["numbers", "scales", "mil"], "1000", "is not a number."),
        (["numbers", "parts", "mitad"], "a half", "is not a fraction."),
        (["numbers", "parts", "mitad"], "1/0", "is not a fraction."),
        (["calendar", "has_capitals"], "no", "is not true or false."),
        (["prose", "bodies"], ["(", "Centro"], "is not a valid regular expression: "),
    ],
)
def test_a_member_of_the_wrong_kind_is_named_with_its_place(
    way: list[str], value: object, message: str
) -> None:
    data = copy.deepcopy(FILES["es.json"])
    holder = data
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = value
    with pytest.raises(LanguageDataError) as caught:
        parse(data)
    (problem,) = caught.value.problems
    assert (problem.path, problem.pointer) == ("data/languages/xx.json", f"/{'/'.join(way)}")
    assert problem.message.startswith(message)
    assert problem.hint.endswith("schema/language.schema.json describes every member.")


def test_a_language_that_a_file_describes_is_read_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "languages"
    folder.mkdir()
    for name, data in (("en", FILES["en.json"]), ("xx", FILES["es.json"])):
        (folder / f"{name}.json").write_text(json.dumps(data), "utf-8")
    caches = [
        languages._file,
        languages._language,
        languages.language_of,
        languages.lexicon_of,
        languages.source_words,
        tokens._scanner,
    ]
    monkeypatch.setattr(languages, "DATA", tmp_path)
    for cache in caches:
        cache.cache_clear()
    try:
        pair = Pair(
            MessageRule("paragraph", "A paragraph."), "Do not smoke.", "Fume.", language=LanguageTag("xx-AA")
        )
        assert "negation-lost" in [finding.check for finding in check_pair(pair)]
        assert not is_known(LanguageTag("es"))
    finally:
        for cache in caches:
            cache.cache_clear()


def test_of_a_language_without_a_file_nothing_is_known() -> None:
    for tag in map(LanguageTag, ("eo", "en-XA")):
        assert language_of(tag) is None
        assert prose_of(tag) is None
        assert hints_of(tag).negation == ""
    assert source_words() is source_words()
    assert language_of(LanguageTag("es-419")) is language_of(LanguageTag("es"))


# ── lists ──


def exclusive(data: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Iterable[str]]]]:
    """Yield lists of which no phrase may be in two, with a name."""
    assert [name for name in SCHEMA["required"] if name not in data] == [], "these members are missing"
    numbers, calendar, bounds = data["numbers"], data["calendar"], data["bounds"]
    said = {
        "numbers": [*(table for table in numbers.values() if isinstance(table, dict)), numbers["articles"]],
        "units": [*data["units"].values()],
        "rates": [*data["rates"].values()],
        "bounds before": [*bounds["before"].values()],
        "bounds after": [*bounds["after"].values()],
        "months": calendar["months"],
        "weekdays": calendar["weekdays"],
        "half days": [*calendar["half_days"].values()],
        "negation": [data["negation"][negation.value] for negation in Negation],
    }
    del said["numbers"][said["numbers"].index(numbers["joins"])]
    yield from said.items()
    yield "neutral", [data["neutral"], set(chain(*chain(*said.values())))]
    if prose := data.get("prose"):
        register = prose["register"]
        spoken = [register[f"{way}_{kind}"] for way in ("preferred", "other") for kind in ("words", "orders")]
        yield "register", spoken
        own = [*spoken, prose["loans"], prose["lower_case"], prose["before_names"]]
        yield "English", [prose["english"], set(chain(*own))]


@pytest.mark.parametrize("name", FILES)
def test_a_phrase_is_in_one_of_the_lists_that_exclude_each_other(name: str) -> None:
    for what, lists in exclusive(FILES[name]):
        counts = Counter(phrase for phrases in lists for phrase in set(phrases))
        assert [phrase for phrase, count in counts.items() if count > 1] == [], what


def lists_of(value: Any, pointer: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield every list of words of a file with its pointer; not the parts of an expression."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from lists_of(member, f"{pointer}/{name}")
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        yield pointer, value


EXPRESSIONS = ("/pattern", "/bodies", "/english_spelling", "/international", "/likely", "/prefixes")


@pytest.mark.parametrize("name", FILES)
def test_a_phrase_is_in_a_list_once_and_in_lower_case(name: str) -> None:
    for pointer, phrases in lists_of(FILES[name]):
        if not pointer.endswith(EXPRESSIONS):
            assert [phrase for phrase, count in Counter(phrases).items() if count > 1] == [], pointer
            assert [phrase for phrase in phrases if phrase != phrase.lower()] == [], pointer


@pytest.mark.parametrize("tag", [LanguageTag("en"), LanguageTag("es")])
def test_every_phrase_is_found_as_a_whole_and_before_a_genitive(tag: LanguageTag) -> None:
    for first, head in lexicon_of(tag).heads.items():
        for rest, sense in [("", head.alone), *head.with_tail.items()]:
            phrase = f"{first}{rest}"
            if sense is not None:
                assert Token(2, 2 + len(phrase), "word", sense) in tokenise(f", {phrase}", tag).tokens
            if sense is not None and rest:
                assert sense in [token.sense for token in tokenise(f", {phrase}'s", tag).tokens], phrase


def test_a_token_that_was_forgotten_is_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    text, tag = "Take 20 mg twice a day, at least 2 hours before meals.", LanguageTag("en")
    found = tokenise(text, tag)
    monkeypatch.setattr(tokens, "_MOST_CHUNKS", 1)
    tokens._scanner.cache_clear()
    assert tokenise(text, tag) == found
    assert len(tokens._scanner(tag).chunks) == 1
    tokens._scanner.cache_clear()


# ── and nowhere else ──

_WORD = re.compile(r"[^\W\d_]+")
ALSO_ENGLISH = {"ante", "comes", "correct", "intra", "mono"}
"""Words of the Spanish lists that English has too, and that its own lists lack."""


def words(value: Any) -> set[str]:
    if isinstance(value, str):
        return {word.lower() for word in _WORD.findall(value)}
    every = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return set().union(*map(words, every))


def spanish_words() -> set[str]:
    """Return the words that only Spanish has: of its lists, those that are in no list of English words."""
    spanish = {
        name: member for name, member in FILES["es.json"].items() if name not in ("$schema", "spelling")
    }
    prose = {**spanish["prose"]}
    english = words(FILES["en.json"]) | words([prose.pop("english"), prose.pop("loans")]) | ALSO_ENGLISH
    listed = words([list(phrases) for _, phrases in lists_of({**spanish, "prose": prose})])
    listed |= words([list(table) for table in spanish["numbers"].values()])
    return {word for word in listed - english if len(word) > 3 or not word.isascii()}


def strings(module: Path) -> Iterator[str]:
    tree = ast.parse(module.read_text("utf-8"))
    documentation = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documentation:
            yield node.value


def test_words_that_only_spanish_has_are_distinguished() -> None:
    assert {"nunca", "también", "día", "evite"} <= spanish_words()
    assert not {"not", "unless", "number", "base"} & spanish_words()


MODULES = [
    path.relative_to(PACKAGE) for folder in ("reading", "checks") for path in (PACKAGE / folder).rglob("*.py")
]


@pytest.mark.parametrize("module", sorted(MODULES), ids=str)
def test_no_module_has_a_word_of_spanish_or_names_a_language_but_the_source(module: Path) -> None:
    spanish = spanish_words() | {"spanish", "es"}
    found = {(text, word) for text in strings(PACKAGE / module) for word in words(text) & spanish}
    assert found == set()
    assert SOURCE == "en"


def test_every_concept_of_a_contrast_has_its_words_in_every_language() -> None:
    concepts = [concept for each in contrast_sets() for concept in each.concepts]
    assert len(concepts) == len(set(concepts))
    for document in FILES.values():
        if "contrasts" in document:
            assert sorted(document["contrasts"]) == sorted(concepts)


@pytest.mark.parametrize("name", FILES)
def test_a_word_accuses_one_concept_of_a_set_and_never_excuses_itself(name: str) -> None:
    words = FILES[name].get("contrasts", {})
    for each in contrast_sets() if words else ():
        accusers = Counter(word for concept in each.concepts for word in words[concept]["words"])
        assert [word for word, times in accusers.items() if times > 1] == [], each.name
        for concept in each.concepts:
            assert set(words[concept]["words"]).isdisjoint(words[concept]["also"])
