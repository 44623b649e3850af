"""A format of another distribution that fails is named; its checks rest on what it defines."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

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

def define(documents):
    return [document["titles"] for document in documents]

def check(document, path, context):
    if "titles" not in document:
        titles = ", ".join(context.defined[0])
        yield Problem(check="acme-titles", path=path, message=f"there are {titles}.", level=Level.WARNING)

def read(document):
    return Account(language=document["language"], address=document["page"], title=document["title"])

def resources(document):
    yield BulkResource("Topic", "1", document)

FORMAT = Format(
    name="NAME", label="Acme", media_type="application/json", folder="acme", suffix=".json",
    schema={"type": "object"}, export=export, export_collection=export_collection, define=define,
    check=check, read=read, bulk=Bulk(media_type="application/x-ndjson", resources=resources),
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
    workspace: MemoryFiles, install: Install, function: str, wrong: str, *, has_topic: bool, raises: bool
) -> None:
    name = f"acme{function.replace('_', '')}{raises:d}"
    head, _, rest = MODULE.partition(f"def {function}(")
    line, _, rest = rest.partition("\n")
    install(name, f"{head}def {function}({line}\n    {'1 / 0' if raises else wrong}\n{rest}")
    with pytest.raises(PluginError) as raised:
        published(workspace.configured(formats=(name, "schemaorg")), MemoryStore(), Engine())
    said = explain(raised.value)
    assert f"{function}() {'raised ZeroDivisionError: division by zero' if raises else 'returned '}" in said
    assert f"{name} 1.0" in said
    assert ("It was working on the topic" in said) == has_topic
    assert exit_code(raised.value) == EXIT_CONFIGURATION
