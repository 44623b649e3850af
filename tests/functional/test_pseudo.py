"""Nothing that a reader sees bypasses the catalogues: a published pseudo edition holds no plain English."""

import copy
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from healthtopics.release import read_artifact
from support.plain import Said, texts_of, texts_of_page
from support.samples import ROOT, TOPICS
from support.workspaces import Workspace, bundled, tree

PSEUDO = ("en-XA", "ar-XB")
OF_LANGUAGES = {"English", "Español", "(en)", "(es)", "en-XA", "ar-XB"}
"""How a page tells languages apart: by their own names, by tags; a pseudo-locale has no other name."""
WITHOUT_WORDS = re.compile(r"[0-9.]+-[0-9a-f]{8}|[a-z]+@[a-z.]+")
"""The version of a page, and an e-mail address."""
PSEUDO_XA = ("pseudo", "--accented", "en-XA")
ADD_XA = ("add", "en-XA")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The bundled topics, with both pseudo-locales, published."""
    workspace = bundled(tmp_path_factory.mktemp("pseudo") / "workspace")
    workspace.run("catalogue", "pseudo")
    for tag in PSEUDO:
        workspace.run("catalogue", "add", tag)
    workspace.publish("--strict")
    return workspace


def artifacts(workspace: Workspace) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, language and bytes of each; the language is empty if it has all of them."""
    for name, artifact in workspace.current().manifest.files.items():
        yield name, artifact.language, read_artifact(workspace.store, name, artifact)


def documents(workspace: Workspace) -> Iterator[tuple[str, str, Any]]:
    """Yield name, language and value of each document, each line of NDJSON one; pages are left out."""
    for name, language, data in artifacts(workspace):
        if name.endswith(".ndjson"):
            for line in data.splitlines():
                yield name, "", json.loads(line)
        elif not name.endswith((".html", ".sqlite", ".tgz")):
            yield name, language, json.loads(data)


def said_by(workspace: Workspace) -> Iterator[tuple[str, str, list[Said]]]:
    """Yield name, language and all that readers see of each artifact, of NDJSON of each line."""
    for name, language, document in documents(workspace):
        yield name, language, list(texts_of(document, language or "en"))
    for name, language, data in artifacts(workspace):
        if name.endswith(".html"):
            yield name, language, list(texts_of_page(data, language))


@cache
def names_that_stay() -> set[str]:
    """Return what may be English in any edition, marked so: titles of pages, sources, organizations."""
    names = set()
    for topic in TOPICS:
        document = json.loads((ROOT / f"topics/{topic}.json").read_text())
        names.add(document["title"])  # of the edition that the pseudo edition translates
        names |= {each["title"] for each in document.get("resources", ())}
        names |= {each["title"] for each in document["relatedTopics"] if isinstance(each, dict)}
        names |= {text for each in document["sources"] for text in (each["title"], each.get("publisher"))}
    for folder in ("schema/vocabulary", "vocabulary"):
        entries = json.loads((ROOT / folder / "organizations.json").read_text())["entries"]
        names |= {each["name"] for each in entries if isinstance(each["name"], str)}
    return names - {None}


def test_every_edition_is_published(published: Workspace) -> None:
    files = published.current().manifest.files
    names = {name for name, artifact in files.items() if artifact.language == "en"}
    assert len(names) >= 3 * len(TOPICS)
    for tag in PSEUDO:
        assert {name.replace("/en/", f"/{tag}/") for name in names} <= files.keys()


def bypassing(said: Iterable[Said], tag: str) -> list[Said]:
    """Return what did not go through the catalogue of the language: what is plain English, and what says that
    it is in another language although it is not a name that stays."""
    names = names_that_stay()
    return [
        each
        for each in said
        if each.is_plain
        and each.text.strip() not in OF_LANGUAGES
        and not WITHOUT_WORDS.fullmatch(each.text.strip())
        and (each.language == tag or not _stays(each, names))
    ]


def _stays(said: Said, names: set[str]) -> bool:
    """Return whether it is a name that stays, or the resource of an organization, one for all documents."""
    return "Organization" in said.path or re.sub("^, |, [0-9-]+$", "", said.text) in names


@pytest.mark.parametrize("tag", PSEUDO)
def test_no_edition_in_the_language_holds_plain_english(published: Workspace, tag: str) -> None:
    formats = set()
    for name, language, said in said_by(published):
        if language == tag:
            formats.add(name.split(f"/{tag}/")[0])
            assert [f"{'/'.join(each.path)}: {each.text}" for each in bypassing(said, tag)] == [], name
    assert formats >= {"fhir/r4", "fhir/r5", "schemaorg"}


@pytest.mark.parametrize("tag", PSEUDO)
def test_nothing_in_the_language_is_plain_english_where_all_languages_meet(
    published: Workspace, tag: str
) -> None:
    kinds = set()
    for name, language, said in said_by(published):
        if not language:
            own = [each for each in said if each.language == tag]
            shown = [each for each in own if each.path[-1] != "sections"]  # their ids, which nobody reads
            assert [f"{'/'.join(each.path)}: {each.text}" for each in shown if each.is_plain] == [], name
            kinds |= {each.path[0] for each in own}
    assert kinds == {
        "CodeSystem", "Composition", "DocumentReference", "List", "Organization", "ValueSet", "topics",
    }  # fmt: skip


@pytest.mark.parametrize("tag", PSEUDO)
def test_what_all_languages_share_has_every_word_in_this_one(published: Workspace, tag: str) -> None:
    """A label without a designation would be read in English."""
    for name, language, document in documents(published):
        if not language and document.get("resourceType") in ("CodeSystem", "ValueSet", "Organization"):
            said = list(texts_of(document, "en"))
            assert any(each.language == tag for each in said), name
            for concept in document.get("concept", ()):
                tags = {each["language"] for each in concept.get("designation", ())}
                assert tag in tags, f"{name}: {concept['code']}"


def test_from_right_to_left_a_page_says_so(published: Workspace) -> None:
    bundle = published.artifact("fhir/r4/ar-XB/miscarriage.json")
    div = bundle["entry"][0]["resource"]["text"]["div"]
    assert ' lang="ar-XB" xml:lang="ar-XB" dir="rtl">' in div


@pytest.mark.parametrize(
    "artifact",
    [
        "fhir/r4/en-XA/miscarriage.json",
        "fhir/r5/ar-XB/amniocentesis.json",
        "schemaorg/en-XA/miscarriage.jsonld",
    ],
)
def test_one_english_word_in_place_of_any_text_is_found(published: Workspace, artifact: str) -> None:
    """What an exporter with its own word would do."""
    document = published.artifact(artifact)
    language = artifact.split("/")[-2]
    assert bypassing(texts_of(document, language), language) == []
    tried = 0
    for steps, text in _strings(document, ()):
        if "⟦" in text and "Organization" not in _kinds(document, steps):
            broken = copy.deepcopy(document)
            replaced = re.sub("</div>$", "<h2>Causes</h2></div>", text) if text[0] == "<" else "Causes"
            _put(broken, steps, replaced)
            found = bypassing(texts_of(broken, language), language)
            assert "Causes" in {each.text for each in found}, steps
            tried += 1
    assert tried > 20


def _kinds(document: Any, steps: tuple[str | int, ...]) -> set[str]:
    """Return the types of the resources around a place."""
    kinds = set()
    for step in steps:
        document = document[step]
        if isinstance(document, dict) and "resourceType" in document:
            kinds.add(document["resourceType"])
    return kinds


def _strings(value: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield steps, value
    else:
        for step, member in (
            value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
        ):
            yield from _strings(member, (*steps, step))


def _put(document: Any, steps: tuple[str | int, ...], text: str) -> None:
    for step in steps[:-1]:
        document = document[step]
    document[steps[-1]] = text


class TestCommand:
    """What `healthtopics catalogue pseudo` writes, and what it leaves alone."""

    def test_nothing_is_published_before_the_language_is_added(self, fresh: Workspace) -> None:
        done = fresh.run("catalogue", "pseudo")
        assert done.out == (
            "en-XA: 5 catalogues changed.\n"
            "It is published only after `healthtopics catalogue add en-XA`.\n"
            "ar-XB: 5 catalogues changed.\n"
            "It is published only after `healthtopics catalogue add ar-XB`.\n"
        )
        fresh.publish("--strict")
        assert {each.language for each in fresh.current().manifest.files.values()} == {"", "en", "es"}

    def test_the_order_of_the_two_commands_does_not_matter(self, fresh: Workspace, tmp_path: Path) -> None:
        other = fresh.copy(tmp_path / "other")
        for workspace, commands in ((fresh, (PSEUDO_XA, ADD_XA)), (other, (ADD_XA, PSEUDO_XA))):
            for command in commands:
                workspace.run("catalogue", *command)
        assert dict(tree(fresh.folder)) == dict(tree(other.folder))

    def test_only_the_kind_that_is_named(self, fresh: Workspace) -> None:
        assert fresh.run("catalogue", "pseudo", "--rtl", "he-XB").out.startswith("he-XB: 5 catalogues")
        assert not (fresh.folder / "locales/en_XA").exists()

    def test_again_changes_nothing_and_an_update_follows_the_english(self, fresh: Workspace) -> None:
        fresh.run("catalogue", "pseudo")
        fresh.run("catalogue", "add", "en-XA")
        assert fresh.run("catalogue", "pseudo").out.startswith("en-XA: 0 catalogues changed.\n")
        fresh.edit_topic("fever", lambda topic: topic.update(title="High fever"))
        done = fresh.run("catalogue", "update", "--language", "en-XA")
        summary = "1 catalogue changed: 4 translations kept, 0 made fuzzy, 0 left to do."
        assert done.out == f"updated locales/en_XA/LC_MESSAGES/fever.po\n{summary}\n"
        text = (fresh.folder / "locales/en_XA/LC_MESSAGES/fever.po").read_text()
        assert 'msgid "High fever"\nmsgstr "⟦Ħīīɠħ ƒḗḗṽḗḗř⟧"' in text
        assert "fuzzy" not in text
        assert "#~" not in text

    def test_a_catalogue_without_the_mark_is_never_touched(self, fresh: Workspace) -> None:
        fresh.run("catalogue", "pseudo")
        path = "locales/en_XA/LC_MESSAGES/fever.po"
        fresh.replace(path, '"X-Pseudo: accented\\n"\n', "")
        before = dict(tree(fresh.folder))
        done = fresh.run("catalogue", "pseudo", code=2)
        assert path in done.err
        assert dict(tree(fresh.folder)) == before
        fresh.run("catalogue", "add", "en-XA")
        fresh.edit_topic("fever", lambda topic: topic.update(title="High temperature"))
        fresh.run("catalogue", "update")
        assert '#~ msgid "Fever"\n#~ msgstr "⟦Ƒḗḗṽḗḗř⟧"' in (fresh.folder / path).read_text()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("--accented", "es"), "'es' is not a tag for a pseudo-locale"),
            (("--accented", "ar-XB"), "written left to right"),
            (("--rtl", "en-XA"), "written right to left"),
            (("--rtl", "arabic"), "Did you mean ar?"),
        ],
    )
    def test_a_real_language_is_refused(
        self, fresh: Workspace, arguments: tuple[str, ...], words: str
    ) -> None:
        before = dict(tree(fresh.folder))
        done = fresh.run("catalogue", "pseudo", *arguments, code=2)
        assert words in " ".join(done.err.split())
        assert dict(tree(fresh.folder)) == before
