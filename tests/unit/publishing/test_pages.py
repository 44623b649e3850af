"""Pages as a format: made, checked, held where a word of theirs is missing, taken over like the others."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from healthtopics import jsontext
from healthtopics.configuration import LanguagePolicy
from healthtopics.errors import BuildError
from healthtopics.formats.schemaorg.exporting import to_web_page
from healthtopics.formats.table import format_named
from healthtopics.language import LanguageTag
from healthtopics.layout import INTERFACE
from healthtopics.publishing.building import build
from healthtopics.publishing.dating import Moment
from healthtopics.publishing.values import Maker
from healthtopics.release import Manifest, Opened, read_artifact
from healthtopics.storage.workspace import open_workspace, read_files
from support import samples, workspaces
from support.files import MemoryFiles
from support.stores import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path

SPANISH = LanguageTag("es")
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests 1", digest="1" * 64)
PAGES = {f"html/{language}/{topic}.html" for language in ("en", "es") for topic in workspaces.TOPICS}
SHIPPED = samples.ROOT / "locales/es/LC_MESSAGES/interface.po"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder: Path = tmp_path_factory.mktemp("pages") / "workspace"
    files = MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))
    return files.configured(formats=("schemaorg", "html"))


def _manifest(files: MemoryFiles, store: MemoryStore, previous: Manifest | None = None) -> Manifest:
    opened = None
    if previous:
        text = jsontext.dump(previous)
        opened = Opened(previous, text, jsontext.digest(text), {})
    return build(files, store, opened, moment=Moment.at(NOW), maker=MAKER).manifest


def test_every_edition_has_its_page(files: MemoryFiles) -> None:
    store = MemoryStore()
    manifest = _manifest(files, store)
    assert {name for name, each in manifest.files.items() if each.format == "html"} == PAGES
    page = manifest.files["html/es/cough.html"]
    assert (page.media_type, page.topic, page.language) == ("text/html", "cough", "es")
    text = read_artifact(store, "html/es/cough.html", page).decode()
    assert '<a class="skip" href="#main_content">Ir al contenido principal</a>' in text
    assert '<time datetime="2026-11-12">12 de noviembre de 2026</time>' in text


def test_pages_alone_can_be_published(files: MemoryFiles) -> None:
    manifest = _manifest(files.configured(formats=("html",)), MemoryStore())
    assert set(manifest.files) == {*PAGES, "topics.json", "topics.sqlite"}


def test_no_page_unless_the_workspace_asks_for_it(files: MemoryFiles) -> None:
    manifest = _manifest(files.configured(formats=("schemaorg",)), MemoryStore())
    assert not PAGES.intersection(manifest.files)


def test_an_unchanged_page_is_taken_over(files: MemoryFiles) -> None:
    store = MemoryStore()
    before = _manifest(files, store)
    after = _manifest(files.edited("fever", kind="condition"), store, before)
    assert after.files["html/en/cough.html"] == before.files["html/en/cough.html"]
    assert after.files["html/en/fever.html"] != before.files["html/en/fever.html"]


def test_a_page_carries_the_document_of_its_edition() -> None:
    topic, edition = samples.localized("miscarriage", "es"), samples.edition("miscarriage", "es")
    page = format_named("html").export(topic, edition)
    assert isinstance(page, str)
    start = page.index('"application/ld+json">') + len('"application/ld+json">')
    assert jsontext.load(page[start : page.index("</script>")].encode()) == to_web_page(topic, edition)


def _without_word(files: MemoryFiles) -> MemoryFiles:
    """Leave one word of the pages without its translation."""
    own = SHIPPED.read_text().replace('msgstr "Más información"', 'msgstr ""')
    return files.with_catalogue(SPANISH, INTERFACE, own.encode())


def test_missing_words_of_pages_are_filled_by_those_that_are_shipped(files: MemoryFiles) -> None:
    assert _manifest(_without_word(files), MemoryStore()).held == ()


@pytest.mark.parametrize(("formats", "count"), [(("schemaorg", "html"), 3), (("schemaorg",), 0)])
def test_a_fuzzy_word_holds_what_shows_it(files: MemoryFiles, formats: tuple[str, ...], count: int) -> None:
    own = SHIPPED.read_text().replace(
        'msgctxt "interface"\nmsgid "Learn more"', '#, fuzzy\nmsgctxt "interface"\nmsgid "Learn more"'
    )
    spoilt = files.configured(formats=formats).with_catalogue(SPANISH, INTERFACE, own.encode())
    held = _manifest(spoilt, MemoryStore()).held
    assert [each.language for each in held] == ["es"] * count
    assert {problem.path for each in held for problem in each.problems} <= {
        "locales/es/LC_MESSAGES/interface.po"
    }


def test_a_fallback_page_may_have_english_words_and_callouts(files: MemoryFiles) -> None:
    callout = {"callout": "Call if", "urgency": "urgent", "body": [{"list": ["The fever lasts 3 days."]}]}
    (section,) = files.document("fever")["sections"]
    own = SHIPPED.read_text().replace(
        'msgctxt "interface"\nmsgid "Last updated"', '#, fuzzy\nmsgctxt "interface"\nmsgid "Last updated"'
    )
    gaps = (
        files.configured(languages={SPANISH: LanguagePolicy(policy="fallback", threshold=0)})
        .edited("fever", sections=[{**section, "body": [*section["body"], callout]}], accept=[])
        .with_catalogue(SPANISH, INTERFACE, own.encode())
    )
    store = MemoryStore()
    page = _manifest(gaps, store).files["html/es/fever.html"]
    text = read_artifact(store, "html/es/fever.html", page).decode()
    assert '<span lang="en">Call if</span>' in text
    assert '<dt><span lang="en">Last updated</span></dt>' in text


def test_broken_words_of_pages_are_reported_and_no_orphan(files: MemoryFiles) -> None:
    with pytest.raises(BuildError) as raised:
        _manifest(files.with_catalogue(SPANISH, INTERFACE, b'msgid "x'), MemoryStore())
    assert {each.path for each in raised.value.problems} == {"locales/es/LC_MESSAGES/interface.po"}
