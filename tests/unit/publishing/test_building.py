import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from healthtopics import jsontext
from healthtopics.errors import BuildError, IntegrityError
from healthtopics.formats.table import DEFAULT, format_named
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level, Problem
from healthtopics.publishing.building import accept, build, decide_all
from healthtopics.publishing.dating import Moment
from healthtopics.publishing.digests import digest_files
from healthtopics.publishing.sources import gather
from healthtopics.publishing.values import Built, Engine, Maker
from healthtopics.release import INDEX, Manifest, Opened, Previous, object_key, read_artifact
from healthtopics.schema import packaged
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.validation.topics import TopicSchema
from support import workspaces
from support.collections import MemoryCache
from support.files import MemoryFiles
from support.stores import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path

SPANISH = LanguageTag("es")
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests 1", digest="1" * 64)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder: Path = tmp_path_factory.mktemp("building") / "workspace"
    return MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def built(files: MemoryFiles, store: MemoryStore) -> Built:
    return build(files, store, None, moment=Moment.at(NOW), maker=MAKER)


def _opened(manifest: Manifest) -> Opened:
    text = jsontext.dump(manifest)
    return Opened(manifest, text, jsontext.digest(text), {})


def _without(files: MemoryFiles, topic: str, msgid: str) -> MemoryFiles:
    return files.translated(SPANISH, topic, msgid, "")


def test_every_edition_in_every_format(built: Built, store: MemoryStore) -> None:
    for topic in ("asthma", "cough", "fever"):
        for language in (SOURCE, SPANISH):
            for format_ in DEFAULT:
                artifact = built.manifest.files[format_named(format_).artifact(language, topic)]
                assert (artifact.topic, artifact.language, artifact.format) == (topic, language, format_)
    assert all(read_artifact(store, name, each) for name, each in built.manifest.files.items())
    assert built.exported == len(built.manifest.files)


def test_each_card_of_the_index_has_the_codes_of_its_topic(files: MemoryFiles, store: MemoryStore) -> None:
    codes = [
        {
            "system": "mesh",
            "code": "D001249",
            "display": "Asthma",
            "qualifiers": [
                {"code": "Q000628", "display": "therapy"},
                {"code": "Q000517", "display": "prevention & control"},
            ],
        },
        {"system": "icd-10-cm", "code": "J45.909", "display": "Unspecified asthma, uncomplicated"},
    ]
    coded = files.edited("asthma", codes=codes)
    manifest = build(coded, store, None, moment=Moment.at(NOW), maker=MAKER).manifest
    index = jsontext.load(read_artifact(store, INDEX, manifest.files[INDEX]))
    cards = {each["id"]: each["editions"] for each in index["topics"]}
    assert [card["codes"] for card in cards["asthma"]] == [codes, codes]
    assert [card.get("codes") for card in cards["fever"]] == [None, None]
    systems = index["vocabulary"]["code-systems"]
    assert {"mesh", "icd-10-cm"} <= systems.keys()


def test_nothing_is_a_release_yet(built: Built, store: MemoryStore) -> None:
    assert built.manifest.number == 1
    assert all(key.startswith("objects/") for key in store.objects)


def test_progress_counts_topics(files: MemoryFiles, store: MemoryStore) -> None:
    seen: list[tuple[int, int]] = []
    build(
        files,
        store,
        None,
        moment=Moment.at(NOW),
        maker=MAKER,
        engine=Engine(progress=lambda done, total: seen.append((done, total))),
    )
    assert seen == [(3, 6), (4, 6), (5, 6), (6, 6)]


def test_the_manifest_knows_its_origin(files: MemoryFiles, built: Built) -> None:
    previous = _opened(built.manifest)
    again = build(files, MemoryStore(), None, moment=Moment.at(NOW), maker=MAKER).manifest
    assert again == built.manifest
    assert (again.time, again.software, again.base_url) == (
        "2026-11-20T06:00:00Z",
        "tests 1",
        "https://topics.example.org",
    )
    assert again.previous is None
    assert again.languages == ("en", "es")
    assert previous.manifest.coverage["fever"]["es"]["missing"] == 0


class TestCache:
    def test_unchanged_files_make_nothing(self, files: MemoryFiles, built: Built, store: MemoryStore) -> None:
        before = dict(store.objects)
        again = build(files, store, _opened(built.manifest), moment=Moment.at(NOW), maker=MAKER)
        assert again.exported == 0
        assert again.manifest.files == built.manifest.files
        assert again.manifest.previous == Previous(1, _opened(built.manifest).sha256)
        assert store.objects == before

    def test_another_version_of_the_software_makes_everything_again(
        self, files: MemoryFiles, built: Built, store: MemoryStore
    ) -> None:
        newer = Maker(name="tests 2", digest="2" * 64)
        again = build(files, store, _opened(built.manifest), moment=Moment.at(NOW), maker=newer)
        # Except the index and packages: they are made from the others, which turned out to be the same.
        made = [name for name in again.manifest.files if not name.endswith((".sqlite", ".tgz"))]
        assert again.exported == len(made)
        assert {name: each.sha256 for name, each in again.manifest.files.items()} == {
            name: each.sha256 for name, each in built.manifest.files.items()
        }

    def test_an_unchanged_document_is_not_read_unless_its_neighbour_changed(
        self, files: MemoryFiles, store: MemoryStore
    ) -> None:
        engine = Engine(cache=MemoryCache())
        built = build(files, store, None, moment=Moment.at(NOW), maker=MAKER, engine=engine)
        name = "fhir/r4/en/cough.json"
        del store.objects[object_key(name, built.manifest.files[name].sha256)]
        edited = files.edited("fever", kind="condition")
        build(edited, store, _opened(built.manifest), moment=Moment.at(NOW), maker=MAKER, engine=engine)

    def test_a_damaged_index_is_detected(self, files: MemoryFiles, built: Built, store: MemoryStore) -> None:
        store.objects[object_key(INDEX, built.manifest.files[INDEX].sha256)] = b"{}"
        with pytest.raises(IntegrityError, match="damaged, or was replaced"):
            build(files, store, _opened(built.manifest), moment=Moment.at(NOW), maker=MAKER)

    def test_a_truncated_object_under_its_final_name_is_not_trusted(
        self, files: MemoryFiles, built: Built, store: MemoryStore
    ) -> None:
        """A power cut may leave that."""
        name = "fhir/r4/en/cough.json"
        other = MemoryStore()
        key = object_key(name, built.manifest.files[name].sha256)
        other.objects[key] = b""
        build(files, other, None, moment=Moment.at(NOW), maker=MAKER)
        assert other.objects == store.objects


class TestNdjson:
    def _lines(self, store: MemoryStore, built: Built, part: str) -> list[dict[str, Any]]:
        return [
            jsontext.parse(line, name)
            for name, artifact in built.manifest.files.items()
            if part in name
            for line in read_artifact(store, name, artifact).splitlines()
        ]

    @pytest.mark.parametrize("version", ["r4", "r5"])
    def test_each_resource_of_each_bundle_once(self, built: Built, store: MemoryStore, version: str) -> None:
        bundled = {
            (entry["resource"]["resourceType"], entry["resource"]["id"])
            for name, artifact in built.manifest.files.items()
            if name.startswith((f"fhir/{version}/en/", f"fhir/{version}/es/"))
            for entry in jsontext.parse(read_artifact(store, name, artifact), name)["entry"]
        }
        lines = self._lines(store, built, f"fhir/{version}/ndjson/")
        listed = [(each["resourceType"], each["id"]) for each in lines]
        assert len(set(listed)) == len(listed)
        assert bundled <= set(listed)

    def test_one_type_a_file(self, built: Built, store: MemoryStore) -> None:
        for name in built.manifest.files:
            if "/ndjson/" in name:
                type_ = name.rpartition("/")[2].partition(".")[0].partition("-")[0]
                assert {each["resourceType"] for each in self._lines(store, built, name)} == {type_}

    def test_a_changed_topic_leaves_the_other_files_alone(
        self, files: MemoryFiles, built: Built, store: MemoryStore
    ) -> None:
        changed = files.edited("fever", dates={"created": "2026-11-01", "updated": "2026-11-19"})
        again = build(changed, store, _opened(built.manifest), moment=Moment.at(NOW), maker=MAKER)
        compositions = [
            name
            for name, artifact in again.manifest.files.items()
            if "/ndjson/Composition" in name and artifact.sha256 != built.manifest.files[name].sha256
        ]
        assert len(compositions) == 2, "one shard for each FHIR version"


class TestCarriedOver:
    def test_the_artifacts_are_those_of_the_last_release(
        self, files: MemoryFiles, built: Built, store: MemoryStore
    ) -> None:
        held = build(
            _without(files, "fever", "Fever"),
            store,
            _opened(built.manifest),
            moment=Moment.at(NOW),
            maker=MAKER,
        ).manifest
        for format_ in DEFAULT:
            name = format_named(format_).artifact(SPANISH, "fever")
            assert held.files[name] == built.manifest.files[name]
        assert [(each.topic, each.as_of) for each in held.held] == [("fever", "2026-11-12T09:00:00Z")]

    def test_a_format_that_the_last_release_had_not_is_left_out(
        self, files: MemoryFiles, built: Built, store: MemoryStore
    ) -> None:
        fewer = {name: each for name, each in built.manifest.files.items() if not name.startswith("fhir/r5")}
        previous = _opened(structs.replace(built.manifest, files=fewer))
        without = _without(files, "fever", "Fever")
        made = build(without, store, previous, moment=Moment.at(NOW), maker=MAKER).manifest.files
        assert "fhir/r5/es/fever.json" not in made
        assert "fhir/r5/en/fever.json" in made

    def test_the_manifest_lists_no_more_problems_than_a_person_reads(
        self, files: MemoryFiles, store: MemoryStore
    ) -> None:
        body = [{"paragraph": f"Paragraph {number}."} for number in range(30)]
        section = {**files.document("fever")["sections"][0], "body": body}
        (held,) = build(
            files.edited("fever", sections=[section]), store, None, moment=Moment.at(NOW), maker=MAKER
        ).manifest.held
        assert (len(held.problems), held.coverage["missing"]) == (20, 30)


def test_only_the_formats_that_are_configured(files: MemoryFiles, store: MemoryStore) -> None:
    built = build(files.configured(formats=("schemaorg",)), store, None, moment=Moment.at(NOW), maker=MAKER)
    assert {each.format for each in built.manifest.files.values()} == {"schemaorg", "index"}


def test_a_document_that_breaks_its_public_schema_stops_the_release(
    files: MemoryFiles, store: MemoryStore
) -> None:
    """Whatever slipped through the checks of what comes in is caught in what goes out."""
    schema = copy.deepcopy(dict(packaged("topic.schema.json")))
    schema["properties"]["codes"]["items"]["properties"]["code"] = {"type": "string"}
    edited = files.edited("fever", codes=[{"system": "mesh", "code": "a\nb", "display": "x"}])
    engine = Engine(schema=TopicSchema(schema))
    with pytest.raises(BuildError) as raised:
        build(edited, store, None, moment=Moment.at(NOW), maker=MAKER, engine=engine)
    paths = {problem.path for problem in raised.value.problems}
    assert {"fhir/r4/en/fever.json", "fhir/r5/es/fever.json"} <= paths


def test_a_warning_can_be_accepted_and_an_error_cannot(files: MemoryFiles) -> None:
    reason = "It is deliberate."
    document = jsontext.load(files.topic("cough"))
    document["accept"] = [{"check": check, "reason": reason} for check in ("told", "wrong", "unheard")]
    changed = files.with_topic(document)
    sources = gather(changed, Engine())
    decided = decide_all(sources, digest_files(changed, MAKER, Engine()), Engine())

    def problem(check: str, level: Level) -> Problem:
        return Problem(check=check, level=level, path="topics/cough.json", message="it is so.")

    found = [problem("told", Level.WARNING), problem("wrong", Level.ERROR), problem("other", Level.WARNING)]
    left = [(each.check, each.pointer) for each in accept({"cough": found}, decided)]
    assert left == [
        ("wrong", ""),
        ("other", ""),
        ("accept-unneeded", "/accept/1"),
        ("accept-unneeded", "/accept/2"),
    ]
