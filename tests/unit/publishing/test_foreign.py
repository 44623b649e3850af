"""A format of another distribution that fails is named; its checks rest on what it defines."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from healthtopics import jsontext
from healthtopics.cli.exits import EXIT_CONFIGURATION, exit_code, explain
from healthtopics.errors import PluginError
from healthtopics.formats.table import GROUP, format_named, format_names
from healthtopics.language import LanguageTag
from healthtopics.publishing.overview import look_at
from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.values import Engine
from healthtopics.release import read_artifact
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.workbench.catalogues import updated_catalogues
from healthtopics.workbench.proofs import Proofs
from support import workspaces
from support.collections import MAKER, MemoryCache
from support.distributions import Distribution
from support.files import MemoryFiles
from support.stores import MemoryStore

SPANISH = LanguageTag("es")
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MODULE = """\
from healthtopics.formats.account import Account
from healthtopics.formats.format import Bulk, BulkResource, Format
from healthtopics.problems import Level, Problem

def export(topic, edition):
    return {"id": topic.id, "language": topic.language, "title": topic.title.value, "page": edition.card.page}

def export_collection(collection):
    return {"acme/all.json": {"titles": [each["en"].title for each in collection.cards.values()]}}

def export_beside(collection):
    return {f"acme/all/{topic}.json": {"titles": []} for topic in collection.cards}

def define(documents):
    return [document["titles"] for document in documents]

def check(document, path, context):
    if "titles" not in document:
        titles = ", ".join(context.defined[0])
        yield Problem(check="acme-titles", path=path, message=f"there are {titles}.", level=Level.WARNING)

def read(document):
    return Account(language=document["language"], address=document["page"], title=document["title"])

def resources(document):
    if document.get("titles") == []:
        return
    yield BulkResource("Topic", "1", document)

FORMAT = Format(
    name="NAME", label="Acme", media_type="application/json", folder="acme", suffix=".json",
    schema={"type": "object"}, export=export, export_collection=export_collection, define=define,
    export_beside=export_beside, check=check, read=read,
    bulk=Bulk(media_type="application/x-ndjson", resources=resources),
)
"""
Install = Callable[[str, str], None]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder: Path = tmp_path_factory.mktemp("foreign") / "workspace"
    return MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a format of this name, defined by this module."""

    def add(name: str, text: str) -> None:
        distribution = Distribution(
            name=name,
            files={f"{name}.py": text.replace("NAME", name)},
            entry_points={GROUP: {name: f"{name}:FORMAT"}},
        )
        monkeypatch.syspath_prepend(str(distribution.build(tmp_path)))

    for cached in (format_names, format_named):
        cached.cache_clear()
    yield add
    for cached in (format_names, format_named):
        cached.cache_clear()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Return a name for the format of one test: what was imported before stays imported."""
    return f"acme{jsontext.digest(request.node.name.encode())[:12]}"


def with_body(function: str, body: str) -> str:
    """Return the module with another beginning of a function's body."""
    head, _, rest = MODULE.partition(f"def {function}(")
    line, _, rest = rest.partition("\n")
    return f"{head}def {function}({line}\n    {body}\n{rest}"


def published(files: MemoryFiles, store: MemoryStore, engine: Engine) -> Outcome:
    return publish(files, store, now=NOW, maker=MAKER, engine=engine)


def test_what_a_format_defines_is_part_of_what_is_checked(workspace: MemoryFiles, install: Install) -> None:
    install("acmedefine", MODULE)
    files = workspace.configured(formats=("acmedefine",))
    store, engine = MemoryStore(), Engine(cache=MemoryCache())
    for title in ("Fever", "High fever"):
        outcome = published(files.edited("fever", title=title), store, engine)
        said = {each.message for each in outcome.warnings if each.check == "acme-titles"}
        assert said == {f"there are Asthma, Cough, {title}."}


PAGE = """\
from healthtopics.formats.account import Account
from healthtopics.formats.format import Format

def templates():
    return {"acme/page.html": b'{{ _("Acme says") }}'}

def export(topic, edition):
    says = edition.interface.words["Acme says"].value
    return f"{topic.language}|{edition.card.page}|{topic.title.value}|{says}"

def read(page):
    language, address, title, _words = page.split("|")
    return Account(language=language, address=address, title=title)

FORMAT = Format(
    name="NAME", label="Acme", media_type="text/html", folder="acme", suffix=".html", templates=templates,
    export=export, read=read,
)
"""


def test_the_words_of_foreign_pages_are_translated(workspace: MemoryFiles, install: Install) -> None:
    install("acmepage", PAGE)
    files, store = workspace.configured(formats=("acmepage",)), MemoryStore()
    held = {(each.topic, each.language): each.problems for each in published(files, store, Engine()).held}
    assert {problem.message for problem in held["fever", "es"]} == {"“Acme says” has no translation."}
    overview = look_at(files, MAKER, Engine())
    (update,) = (
        each
        for each in updated_catalogues(overview, {}, SPANISH, ["fever"]).catalogues
        if each.path.endswith("interface.po")
    )
    assert b'msgid "Acme says"' in update.data
    assert b'msgid "On this page"' not in update.data
    files = files.with_catalogue(SPANISH, "interface", update.data)
    files = files.translated(SPANISH, "interface", "Acme says", "Acme dice")
    manifest = published(files, store, Engine()).manifest
    page = read_artifact(store, "acme/es/fever.html", manifest.files["acme/es/fever.html"])
    assert page.endswith(b"|Fiebre|Acme dice")
    assert Proofs(MAKER).prove(files, SPANISH, "fever").editions


@pytest.mark.parametrize(
    ("function", "wrong", "reason"),
    [
        ("export", "return '{}'", "what is not a JSON object"),
        ("export_collection", "return None", "None, which cannot be used ("),
        ("export_collection", "return {'acme/all.json': []}", "is not a JSON object as the artifact"),
        ("export_collection", "return {'acme/all': {}}", "an artifact named 'acme/all'; name it acme/….json"),
        ("export_collection", "return {'topics.json': {}}", "an artifact named 'topics.json'"),
        ("export_collection", "return {'acme/../a.json': {}}", "an artifact named 'acme/../a.json'"),
        ("export_collection", "return {3: {}}", "an artifact named 3"),
        ("export_collection", "return {'acme/es/fever.json': {}}", "in the folder of editions"),
        ("export_collection", "return {'acme/ndjson/a.json': {}}", "in the folder of editions or bulk data"),
        ("export_beside", "return {'acme/en/cough.json': {}}", "in the folder of editions"),
        ("check", "yield Problem(check='acme', path=path, message=None)", "a Problem whose message is None"),
        (
            "check",
            "yield Problem(check='acme', path=path, message='', level='fatal')",
            "a Problem whose level is 'fatal'",
        ),
        ("check", "yield Problem(check='acme', path=path, message='', line=True)", "whose line is True"),
        ("read", "return Account(language='en', address='', title=3)", "an Account whose title is 3"),
        ("resources", "yield BulkResource('Topic', 1, document)", "a BulkResource whose id is 1"),
        ("resources", "yield BulkResource('../Topic', '1', document)", "cannot name a file"),
        ("resources", "yield BulkResource('Topic', '1', [])", "a BulkResource whose resource is []"),
        ("resources", "yield BulkResource('Topic', '1', {1: 2})", "what is not JSON ("),
    ],
)
def test_a_result_that_cannot_be_used_is_an_error_of_its_distribution(
    workspace: MemoryFiles,
    install: Install,
    function: str,
    wrong: str,
    reason: str,
    name: str,
) -> None:
    install(name, with_body(function, wrong))
    with pytest.raises(PluginError) as raised:
        published(workspace.configured(formats=(name,)), MemoryStore(), Engine())
    assert f"{function}() returned " in explain(raised.value)
    assert reason in explain(raised.value)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (r"return '\ud800'", "a text with half of a surrogate pair"),
        ("return {}", "not a text, as text/html is"),
    ],
)
def test_a_page_is_a_text(
    workspace: MemoryFiles, install: Install, name: str, wrong: str, reason: str
) -> None:
    install(name, PAGE.replace("    says =", f"    {wrong}\n    says ="))
    with pytest.raises(PluginError) as raised:
        published(workspace.configured(formats=(name,)), MemoryStore(), Engine())
    assert reason in explain(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('media_type="application/json"', "media_type=3", "a Format whose media_type is 3"),
        ('media_type="application/json"', 'media_type="JSON"', "'JSON' is not a media type"),
        ('"application/x-ndjson"', "None", "a Bulk whose media_type is None"),
        ('label="Acme"', "label=None", "a Format whose label is None"),
        ('folder="acme"', "folder=3", "a Format whose folder is 3"),
    ],
)
def test_a_row_with_a_member_of_a_wrong_type_is_refused(
    install: Install, old: str, new: str, reason: str, name: str
) -> None:
    install(name, MODULE.replace(old, new))
    with pytest.raises(PluginError) as raised:
        format_named(name)
    assert reason in explain(raised.value)


@pytest.mark.parametrize("raises", [True, False], ids=["raises", "returns"])
@pytest.mark.parametrize(
    ("function", "wrong", "has_topic"),
    [
        ("export", "return [3]", True),
        ("export_collection", "return {3}", False),
        ("define", "return {3}", False),
        ("check", "yield 3", False),
        ("read", "return 3", True),
        ("resources", "yield 3", False),
    ],
)
def test_a_function_that_fails_is_an_error_of_its_distribution(
    workspace: MemoryFiles,
    install: Install,
    name: str,
    function: str,
    wrong: str,
    *,
    has_topic: bool,
    raises: bool,
) -> None:
    install(name, with_body(function, "1 / 0" if raises else wrong))
    with pytest.raises(PluginError) as raised:
        published(workspace.configured(formats=(name, "schemaorg")), MemoryStore(), Engine())
    said = explain(raised.value)
    assert f"{function}() {'raised ZeroDivisionError: division by zero' if raises else 'returned '}" in said
    assert f"{name} 1.0" in said
    assert ("It was working on the topic" in said) == has_topic
    assert exit_code(raised.value) == EXIT_CONFIGURATION


DATED = """\
import json
from healthtopics.formats.format import Version, Versioning

def mark(document, since):
    version = since(document.get("page", "all"), lambda date: str(document))
    return {**document, "since": version.since}

def read_since(data):
    document = json.loads(data)
    since = document.pop("since")
    yield document.get("page", "all"), Version(since, str(document))

""" + MODULE.replace("read=read,", "read=read, versioning=Versioning(mark=mark, read=read_since),")


def _publish_twice(workspace: MemoryFiles, name: str) -> dict[str, str]:
    """Publish, and publish again with another title; return the dates of two editions."""
    store = MemoryStore()
    for title in ("Fever", "High fever"):
        files = workspace.configured(formats=(name,)).edited("fever", title=title)
        manifest = published(files, store, Engine()).manifest
    names = [f"acme/en/{topic}.json" for topic in ("asthma", "fever")]
    documents = [jsontext.load(read_artifact(store, each, manifest.files[each])) for each in names]
    return {document["id"]: document["since"] for document in documents}


def test_a_format_can_state_since_when_a_document_is_unchanged(
    workspace: MemoryFiles, install: Install, name: str
) -> None:
    install(name, DATED)
    assert _publish_twice(workspace, name) == {
        "asthma": "2026-11-20T06:00:00Z",
        "fever": "2026-11-20T06:00:01Z",
    }


@pytest.mark.parametrize(
    ("function", "wrong", "reason"),
    [
        ("mark", "return 3", "what is not a JSON object"),
        ("mark", "return {1: 2}", "what is not JSON ("),
        ("mark", "1 / 0", "mark() raised ZeroDivisionError"),
        ("read_since", "yield 3, Version('', '')", "the key 3, which is not a text"),
        ("read_since", "yield 'a', Version('', 3)", "a Version whose digest is 3"),
        ("read_since", "1 / 0", "read_since() raised ZeroDivisionError"),
    ],
)
def test_a_version_that_cannot_be_used_is_an_error_of_its_distribution(
    workspace: MemoryFiles, install: Install, name: str, function: str, wrong: str, reason: str
) -> None:
    head, _, rest = DATED.partition(f"def {function}(")
    line, _, rest = rest.partition("\n")
    install(name, f"{head}def {function}({line}\n    {wrong}\n{rest}")
    with pytest.raises(PluginError) as raised:
        _publish_twice(workspace, name)
    assert reason in explain(raised.value)
