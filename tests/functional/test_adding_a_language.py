"""`healthtopics catalogue add`: one command, and the language goes the whole way by its policy."""

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.delivery.message import Request
from healthtopics.delivery.respond import respond
from healthtopics.language import LanguageTag
from healthtopics.layout import catalogue_path
from healthtopics.release import open_release
from support.releases import site_of
from support.samples import TOPICS
from support.workspaces import Workspace, bundled, tree

PORTUGUESE = LanguageTag("pt")
PAGE = "https://www.example.org/pt/perda"
"""A page that is there in Portuguese, too."""
FORMS = {
    "pt": "nplurals=2; plural=(n != 1);",
    "pt-BR": "nplurals=2; plural=(n > 1);",
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "zh-Hans": "nplurals=1; plural=0;",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=0 && n%100<=2 ? 4 : 5);",
}


def translate_by_machine(
    workspace: Workspace, language: LanguageTag, *, but: frozenset[Key] = frozenset()
) -> None:
    """Fill in every message of every catalogue with words that are surely not the English ones."""
    for path in (workspace.folder / catalogue_path(language, "x")).parent.glob("*.po"):
        file = po.parse(path.read_bytes(), path.name).file
        for entry in file:
            if Key(entry.msgctxt or "", entry.msgid) not in but:
                entry.msgstr = re.sub(r"(?m)$", " (em português)", entry.msgid)
        file.metadata["PO-Revision-Date"] = "2026-11-19 09:00+0000"
        path.write_bytes(po.serialize(file))


@pytest.fixture(scope="module")
def portuguese(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The bundled topics with Portuguese, published when it was new, and again when it was translated.

    One resource has a page in all three languages, and there is a name that only Portuguese has.
    """
    workspace = bundled(tmp_path_factory.mktemp("portuguese") / "workspace")
    workspace.edit_topic("recurrent-miscarriage", _with_portuguese)
    workspace.run("catalogue", "add", "pt")
    workspace.publish()
    translate_by_machine(workspace, PORTUGUESE)
    workspace.publish("--strict")
    return workspace


def _with_portuguese(topic: dict[str, Any]) -> None:
    links = next(each["links"] for each in topic["resources"] if "es" in each["links"])
    links["pt"] = PAGE
    topic["alsoCalled"].append({"text": "Aborto habitual", "language": "pt"})


class TestTheWholeWay:
    """Three languages in every export: nothing is made for Spanish alone."""

    def test_before_it_is_translated_only_its_editions_are_held(self, portuguese: Workspace) -> None:
        first = open_release(portuguese.store, 1).manifest
        assert {(each.topic, each.language) for each in first.held} == {(t, "pt") for t in TOPICS}
        languages = {each.language for each in first.files.values()}
        assert languages == {"", "en", "es"}

    def test_after_it_every_format_has_it(self, portuguese: Workspace) -> None:
        manifest = portuguese.current().manifest
        assert manifest.held == ()
        english = {name for name, each in manifest.files.items() if each.language == "en"}
        for language in ("es", "pt"):
            names = {name for name, each in manifest.files.items() if each.language == language}
            assert names == {name.replace("/en/", f"/{language}/") for name in english}

    @pytest.mark.parametrize("version", ["r4", "r5"])
    def test_a_fhir_document_is_in_it_and_leads_to_the_original(
        self, portuguese: Workspace, version: str
    ) -> None:
        bundle = portuguese.artifact(f"fhir/{version}/pt/miscarriage.json")
        composition = bundle["entry"][0]["resource"]
        assert composition["language"] == "pt"
        assert composition["title"] == "Miscarriage (em português)"
        assert composition["type"]["text"] == "Health topic (em português)"
        (relation,) = [each for each in composition["relatesTo"] if "transforms" in each.values()]
        target = relation.get("targetIdentifier") or relation["resourceReference"]["identifier"]
        assert target["value"] == "miscarriage/en"

    def test_the_original_leads_to_all_its_translations(self, portuguese: Workspace) -> None:
        page = portuguese.artifact("schemaorg/en/miscarriage.jsonld")
        assert [each["inLanguage"] for each in page["workTranslation"]] == ["es", "pt"]
        translation = portuguese.artifact("schemaorg/pt/miscarriage.jsonld")
        assert translation["translationOfWork"]["@id"] == page["@id"]
        assert translation["@id"] == page["workTranslation"][1]["@id"]
        composition = portuguese.artifact("fhir/r5/en/miscarriage.json")["entry"][0]["resource"]
        found = [each for each in composition["relatesTo"] if each["type"] == "transformed-into"]
        assert [each["resourceReference"]["identifier"]["value"] for each in found] == [
            "miscarriage/es",
            "miscarriage/pt",
        ]

    def test_what_all_topics_share_has_its_words(self, portuguese: Workspace) -> None:
        system = portuguese.artifact("fhir/r4/CodeSystem/topic-kind.json")
        assert [[each["language"] for each in concept["designation"]] for concept in system["concept"]] == [
            ["es", "pt"]
        ] * len(system["concept"])
        editions = portuguese.artifact("fhir/r4/List/miscarriage-translations.json")
        named = [each["item"]["identifier"]["value"] for each in editions["entry"]]
        assert named == ["miscarriage/en", "miscarriage/es", "miscarriage/pt"]
        (entry,) = [
            each for each in portuguese.artifact("topics.json")["topics"] if each["id"] == "miscarriage"
        ]
        assert [card["language"] for card in entry["editions"]] == ["en", "es", "pt"]

    def test_a_page_that_only_other_languages_have_stays_english_and_says_so(
        self, portuguese: Workspace
    ) -> None:
        page = portuguese.artifact("schemaorg/pt/miscarriage.jsonld")
        items = _items(page)
        assert items
        assert {item["inLanguage"] for item in items} == {"en"}

    def test_a_page_in_all_languages_leads_from_each_to_the_others(self, portuguese: Workspace) -> None:
        pages = {
            language: portuguese.artifact(f"schemaorg/{language}/recurrent-miscarriage.jsonld")
            for language in ("en", "es", "pt")
        }
        (item,) = [each for each in _items(pages["pt"]) if each["url"] == PAGE]
        assert item["inLanguage"] == "pt"
        assert item["name"].endswith(" (em português)")
        original = item["translationOfWork"]["url"]
        (english,) = [each for each in _items(pages["en"]) if each["url"] == original]
        assert [each["inLanguage"] for each in english["workTranslation"]] == ["es", "pt"]
        spanish = english["workTranslation"][0]["url"]
        (item,) = [each for each in _items(pages["es"]) if each["url"] == spanish]
        assert item["translationOfWork"]["url"] == original
        bundle = portuguese.artifact("fhir/r4/pt/recurrent-miscarriage.json")
        (reference,) = [
            entry["resource"]
            for entry in bundle["entry"]
            if entry["resource"].get("content", [{}])[0].get("attachment", {}).get("url") == PAGE
        ]
        assert reference["language"] == reference["content"][0]["attachment"]["language"] == "pt"
        assert [each["code"] for each in reference["relatesTo"]] == ["transforms"]

    def test_a_text_of_one_language_appears_only_in_its_edition(self, portuguese: Workspace) -> None:
        for language, is_there in (("en", False), ("es", False), ("pt", True)):
            page = portuguese.artifact(f"schemaorg/{language}/recurrent-miscarriage.jsonld")
            names = [each["@value"] for each in page["about"]["alternateName"]]
            assert ("Aborto habitual" in names) == is_there

    @pytest.mark.parametrize(
        ("asked", "given"),
        [
            ("pt", "pt"),
            ("pt-BR, es;q=0.5", "pt"),
            ("de, pt;q=0.3, es;q=0.2", "pt"),
            ("es", "es"),
            ("de", "en"),
        ],
    )
    def test_the_service_negotiates_it(self, portuguese: Workspace, asked: str, given: str) -> None:
        headers = {"accept": "application/ld+json", "accept-language": asked}
        request = Request(method="GET", path="/topics/miscarriage", headers=headers)
        response = respond(request, site_of(portuguese.store))
        assert response.status == 200
        assert dict(response.headers)["Content-Language"] == given
        assert json.loads(response.body)["inLanguage"] == given
        alternates = " ".join(value for name, value in response.headers if name == "Link")
        assert {"en", "es", "pt"} - {given} <= set(re.findall('hreflang="([^"]*)"', alternates))

    def test_other_languages_are_unchanged(self, portuguese: Workspace, tmp_path: Path) -> None:
        """The Spanish documents are the same, except for what they share with all languages."""
        other = bundled(tmp_path / "other")
        other.publish()
        for topic in TOPICS:
            if topic != "recurrent-miscarriage":
                name = f"schemaorg/es/{topic}.jsonld"
                assert _untagged(other.artifact(name)) == _untagged(portuguese.artifact(name)), name


def _untagged(value: Any) -> Any:
    """Return a document without the languages of names: an organization with one name states none."""
    if isinstance(value, list):
        return [_untagged(each) for each in value]
    if not isinstance(value, dict):
        return value
    return value["@value"] if "@value" in value else {name: _untagged(each) for name, each in value.items()}


def _items(page: Any) -> list[dict[str, Any]]:
    """Return every link of a page, as its lists have it."""
    return [
        element["item"]
        for part in page["hasPart"]
        if "mainEntity" in part
        for element in part["mainEntity"]["itemListElement"]
    ]


class TestPolicies:
    def test_with_fallback_an_edition_appears_at_its_threshold(self, fresh: Workspace) -> None:
        fresh.run("catalogue", "add", "pt", "--policy", "fallback", "--threshold", "0.9")
        gap = frozenset({Key("paragraph", "A fever is a high body temperature.")})
        fresh.publish()
        assert not [name for name in fresh.digests() if "/pt/" in name]
        translate_by_machine(fresh, PORTUGUESE, but=gap)
        fresh.publish("--strict")
        page = fresh.artifact("schemaorg/pt/fever.jsonld")
        assert page["hasPart"][0]["inLanguage"] == ["pt", "en"]
        div = fresh.artifact("fhir/r4/pt/fever.json")["entry"][0]["resource"]["section"][0]["section"][0]
        assert '<p lang="en" xml:lang="en">A fever is' in div["text"]["div"]

    def test_with_complete_one_gap_holds_the_edition(self, fresh: Workspace) -> None:
        fresh.run("catalogue", "add", "pt")
        gap = frozenset({Key("paragraph", "A fever is a high body temperature.")})
        translate_by_machine(fresh, PORTUGUESE, but=gap)
        fresh.publish("--strict", code=1)
        names = [name for name in fresh.digests() if name.startswith("schemaorg/pt/")]
        assert names == ["schemaorg/pt/asthma.jsonld", "schemaorg/pt/cough.jsonld"]


class TestFiles:
    @pytest.mark.parametrize(("tag", "forms"), FORMS.items(), ids=FORMS)
    def test_every_catalogue_gets_the_header_of_its_language(
        self, fresh: Workspace, tag: str, forms: str
    ) -> None:
        fresh.run("catalogue", "add", tag)
        for name in ("asthma", "cough", "fever", "vocabulary", "interface"):
            path = catalogue_path(LanguageTag(tag), name)
            fields = po.parse((fresh.folder / path).read_bytes(), path).file.metadata
            assert (fields["Language"], fields["Plural-Forms"]) == (tag.replace("-", "_"), forms)
            assert fields["Language-Team"]
        assert fresh.run("catalogue", "update").out == "0 catalogues changed.\n"

    def test_words_of_pages_are_its_own_where_another_language_has_them(self, fresh: Workspace) -> None:
        path = "locales/{}/LC_MESSAGES/interface.po"
        fresh.run("catalogue", "add", "pt")
        es, pt = (_messages(fresh, path.format(tag)) for tag in ("es", "pt"))
        assert es == pt != []

    def test_everything_else_in_the_configuration_stays(self, fresh: Workspace) -> None:
        text = (fresh.folder / "healthtopics.toml").read_text() + "# the end, without a line end"
        fresh.write("healthtopics.toml", text)
        done = fresh.run("catalogue", "add", "pt", "--locale", "pt-BR")
        assert (fresh.folder / "healthtopics.toml").read_text() == (
            f'{text}\n\n[languages.pt]\npolicy = "complete"\nlocale = "pt-BR"\n'
        )
        assert (
            "Portuguese (pt) is in healthtopics.toml, with policy 'complete'; 5 catalogues written."
            in done.out
        )

    def test_work_that_is_there_already_is_kept(self, fresh: Workspace) -> None:
        path = "locales/pt/LC_MESSAGES/fever.po"
        fresh.write(path, 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
                    'msgctxt "title"\nmsgid "Fever"\nmsgstr "Febre"\n')  # fmt: skip
        fresh.run("catalogue", "add", "pt")
        assert 'msgid "Fever"\nmsgstr "Febre"\n' in (fresh.folder / path).read_text()

    def test_words_that_come_with_the_package_are_filled_in(self, fresh: Workspace) -> None:
        text = (fresh.folder / "healthtopics.toml").read_text()
        fresh.write("healthtopics.toml", text.partition("[languages.es]")[0] + "[languages]\n")
        shutil.rmtree(fresh.folder / "locales")
        fresh.run("catalogue", "add", "es")
        words = (fresh.folder / "locales/es/LC_MESSAGES/vocabulary.po").read_text()
        assert 'msgid "Health topic"\nmsgstr "Tema de salud"\n' in words


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (
                ("spanish",),
                "'spanish' is not a language tag of the form es, es-US or zh-Hans. Did you mean es?",
            ),
            (("es_US",), "Did you mean es-US?"),
            (("xx",), "'xx' is not the tag of a language in the Unicode locale data."),
            (("en",), "topics are written in 'en'"),
            (("pt", "--policy", "partial"), "partial"),
            (("pt", "--threshold", "0.5"), "--threshold goes with --policy fallback."),
            (("pt", "--policy", "fallback", "--threshold", "8"), "--threshold"),
            (("pt", "--locale", "es-US"), "--locale es-US is not a variant of 'pt'."),
            (("pt", "--locale", "brazil"), "'brazil' is not a language tag"),
            (("es", "--policy", "fallback"), "'es' is in healthtopics.toml with another policy."),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
    )
    def test_wrong_usage_changes_nothing(
        self, fresh: Workspace, arguments: tuple[str, ...], words: str
    ) -> None:
        before = dict(tree(fresh.folder))
        done = fresh.run("catalogue", "add", *arguments, code=2)
        assert words in " ".join(done.err.split())
        assert dict(tree(fresh.folder)) == before

    @pytest.mark.parametrize("more", [(), ("--policy", "complete")])
    def test_a_language_that_is_there_is_left_as_it_is(self, fresh: Workspace, more: tuple[str, ...]) -> None:
        before = dict(tree(fresh.folder))
        done = fresh.run("catalogue", "add", "es", *more)
        assert done.out.startswith("es is in healthtopics.toml already; nothing was changed.\n")
        assert dict(tree(fresh.folder)) == before

    def test_languages_in_an_inline_table(self, fresh: Workspace) -> None:
        text = (fresh.folder / "healthtopics.toml").read_text()
        start = text.partition("[languages.es]")[0]
        fresh.write("healthtopics.toml", f'{start}languages = {{ es = {{ policy = "complete" }} }}\n')
        before = dict(tree(fresh.folder))
        done = fresh.run("catalogue", "add", "pt", code=78)
        assert 'pt = { policy = "complete" }' in done.err
        assert dict(tree(fresh.folder)) == before

    def test_an_unsound_workspace_gets_no_language(self, fresh: Workspace) -> None:
        fresh.edit_topic("fever", lambda topic: topic.pop("title"))
        before = dict(tree(fresh.folder))
        fresh.run("catalogue", "add", "pt", code=1)
        assert dict(tree(fresh.folder)) == before

    def test_what_cannot_be_written_leaves_the_configuration_alone(self, fresh: Workspace) -> None:
        fresh.write("locales/pt", b"")
        before = _configuration(fresh)
        fresh.run("catalogue", "add", "pt", code=78)
        assert _configuration(fresh) == before
        (fresh.folder / "locales/pt").unlink()
        fresh.run("catalogue", "add", "pt")
        assert "pt" in _configuration(fresh)["languages"]


def _messages(workspace: Workspace, path: str) -> list[str]:
    return [entry.msgid for entry in po.parse((workspace.folder / path).read_bytes(), path).file]


def _configuration(workspace: Workspace) -> dict[str, Any]:
    return tomllib.loads((workspace.folder / "healthtopics.toml").read_text())
