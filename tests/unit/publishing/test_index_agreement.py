"""The index says what the other artifacts say: read again by other code, and tried with corrupted indexes."""

import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from healthtopics.index.opening import TopicIndex
from healthtopics.release import TOPICS_SQLITE, object_key, read_artifact
from support.indexes import bundled_index, bundled_release

Compared = Iterator[tuple[Any, Any]]
"""What the index says, and what it should say."""


def artifact(name: str) -> bytes:
    store, manifest = bundled_release()
    return read_artifact(store, name, manifest.files[name])


def of_artifacts(index: TopicIndex) -> Compared:
    _, manifest = bundled_release()
    rows = index.rows("SELECT name, sha256, length, media_type, topic, language, format FROM artifacts")
    yield (
        set(rows),
        {
            (name, each.sha256, each.length, each.media_type, each.topic, each.language, each.format)
            for name, each in manifest.files.items()
            if name != TOPICS_SQLITE
        },
    )


def of_resources(index: TopicIndex) -> Compared:
    store, _ = bundled_release()
    rows = index.rows(
        'SELECT type, id, version_id, last_updated, artifact, sha256, "offset", length FROM resources'
    )
    for type_, id_, version, updated, name, sha256, offset, length in rows:
        try:
            resource = json.loads(store.read(object_key(name, sha256))[offset : offset + length])
        except ValueError:
            resource = {"meta": {}}
        meta = resource["meta"]
        found = (
            resource.get("resourceType"),
            resource.get("id"),
            meta.get("versionId"),
            meta.get("lastUpdated"),
        )
        yield (type_, id_, version, updated), found


def of_topics(index: TopicIndex) -> Compared:
    """Compare topics and editions with the cards of `topics.json`."""
    for topic in json.loads(artifact("topics.json"))["topics"]:
        for card in topic["editions"]:
            own = card["topic"], card["language"]
            members = ("title", "page", "description", "updated", "content")
            row = index.row("SELECT * FROM editions WHERE topic = ? AND language = ?", own)
            names = [name for _, name, *_ in index.rows("PRAGMA table_info(editions)")]
            shown = dict(zip(names, row or (), strict=True))
            yield [shown[each] for each in members], [card[each] for each in members]
            query = "SELECT text FROM names WHERE (topic, language, kind) = (?, ?, ?) ORDER BY position"
            for kind, listed in (
                ("title", [card["title"]]),
                ("synonym", card.get("synonyms", [])),
                ("index-term", card.get("indexTerms", [])),
            ):
                yield [text for (text,) in index.rows(query, (*own, kind))], listed
            for query, member in (
                ("SELECT group_id FROM topic_groups WHERE topic = ? ORDER BY position", "groups"),
                ("SELECT related FROM related WHERE topic = ? ORDER BY position", "related"),
            ):
                yield [key for (key,) in index.rows(query, own[:1])], card.get(member, [])
            query = "SELECT system, code, plain, display FROM codes WHERE topic = ? ORDER BY system, code"
            yield (
                index.rows(query, own[:1]),
                [
                    (each["system"], each["code"], each["code"].replace(".", ""), each["display"])
                    for each in card.get("codes", [])
                ],
            )


def of_vocabulary(index: TopicIndex) -> Compared:
    vocabulary = json.loads(artifact("topics.json"))["vocabulary"]
    for table in ("groups", "categories"):
        rows = index.rows(f"SELECT id, language, label FROM {table} ORDER BY position, language")  # noqa: S608 - ours
        labels = ((key, each["labels"]) for key, each in vocabulary[table].items())
        yield rows, [(key, *each) for key, found in labels for each in sorted(found.items())]
    yield (
        set(index.rows("SELECT id, language, name, url FROM organizations")),
        {
            (key, language, name, each.get("url", ""))
            for key, each in vocabulary["organizations"].items()
            for language, name in each["labels"].items()
        },
    )


def of_texts(index: TopicIndex) -> Compared:
    """Compare sections and links with the pages, which other code exports."""
    for topic, language in index.rows("SELECT topic, language FROM editions"):
        page: Any = html.document_fromstring(artifact(f"html/{language}/{topic}.html"))
        rows = index.rows(
            "SELECT id, heading, text FROM sections WHERE topic = ? AND language = ? ORDER BY position",
            (topic, language),
        )
        own = [
            each
            for each in page.xpath("//main/section | //main/*/section")
            if not re.match("page_|links_|other_", each.get("id"))
        ]
        yield (
            [key for key, _, _ in rows],
            [each.get("id") for each in own if "callout" not in each.get("class", "")],
        )
        for key, heading, text in rows:
            (section,) = page.xpath("//section[@id = $key]", key=key)
            yield heading, section.xpath("string(h2)")
            yield words(f"{heading} {text}"), words(shown_text(section))
        yield (
            index.rows(
                "SELECT category, position, url, title, page_language FROM links "
                "WHERE topic = ? AND language = ? ORDER BY category, position",
                (topic, language),
            ),
            sorted(links_of(page)),
        )
        yield (
            index.rows(
                "SELECT category, position, organization FROM link_organizations "
                "WHERE topic = ? AND language = ? ORDER BY 1, 2, 3",
                (topic, language),
            ),
            sorted(organizations_of(page)),
        )


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def shown_text(section: Any) -> str:
    """Return the text of a section without what pages add to it."""
    return " ".join(
        section.xpath(
            ".//text()[not(ancestor::*[contains($added, @class) and @class])]",
            added="attribution urgency language editions",
        )
    )


def entries_of(page: Any) -> Iterator[tuple[str, int, Any]]:
    for section in page.xpath("//section[starts-with(@id, 'links_')]"):
        for position, entry in enumerate(section.xpath(".//ul[@class = 'links']/li"), 1):
            yield section.get("id").removeprefix("links_"), position, entry


def links_of(page: Any) -> Iterator[tuple[str, int, str, str, str]]:
    for category, position, entry in entries_of(page):
        (link,) = entry.xpath("a")
        yield category, position, link.get("href"), link.text_content(), link.get("hreflang", "")


def organizations_of(page: Any) -> Iterator[tuple[str, int, str]]:
    for category, position, entry in entries_of(page):
        for each in entry.xpath("ul[@class = 'by']/li"):
            yield category, position, each.text_content()


CHECKS = (of_artifacts, of_resources, of_topics, of_vocabulary, of_texts)


def differences(index: TopicIndex) -> Iterator[str]:
    for check in CHECKS:
        for said, expected in check(index):
            if said != expected:
                yield f"{check.__name__}: {said} instead of {expected}"


def test_the_index_agrees_with_the_other_artifacts() -> None:
    assert list(differences(bundled_index())) == []


CORRUPTIONS = {
    "a digest": "UPDATE stored_artifacts SET sha256 = zeroblob(32) WHERE name = 'topics.json'",
    "a length": "UPDATE stored_artifacts SET length = length + 1 WHERE name = 'html/es/miscarriage.html'",
    "an artifact lost": "DELETE FROM stored_artifacts WHERE name = 'html/es/miscarriage.html'",
    "the topic of an artifact": "UPDATE stored_artifacts SET topic = format WHERE name LIKE 'html/es/%'",
    "an offset": 'UPDATE stored_versions SET "offset" = "offset" + 1 WHERE resource = 7',
    "the length of a resource": "UPDATE stored_versions SET length = length - 5 WHERE resource = 7",
    "a version": "UPDATE stored_versions SET version_id = x'00' WHERE resource = 9",
    "resources exchanged": "UPDATE stored_versions SET resource = CASE resource WHEN 3 THEN 1003 ELSE 3 END "
    "WHERE resource IN (3, 4)",
    "a file": "UPDATE stored_files SET sha256 = (SELECT sha256 FROM stored_files WHERE id = 2) WHERE id = 1",
    "the page of the other language": "UPDATE stored_editions SET page = replace(page, '/es/', '/en/')",
    "titles exchanged": "UPDATE stored_editions SET title = topic WHERE language = 'en'",
    "a description lost": "UPDATE stored_editions SET description = '' WHERE id = 2",
    "a date": "UPDATE stored_editions SET updated = '2026-01-01T00:00:00Z' WHERE id = 2",
    "a synonym lost": "DELETE FROM stored_names WHERE (edition, kind, position) = "
    "(SELECT edition, kind, position FROM stored_names WHERE kind = 'synonym')",
    "index terms as synonyms": "UPDATE OR REPLACE stored_names SET kind = 'synonym' "
    "WHERE kind = 'index-term'",
    "names in another order": "UPDATE stored_names SET position = -position",
    "a code with dots": "UPDATE codes SET plain = 'D.000022'",
    "a code of another system": "UPDATE codes SET system = 'icd-10-cm'",
    "a group lost": "DELETE FROM stored_topic_groups WHERE position = 2",
    "a related topic lost": "DELETE FROM stored_related WHERE position = 1",
    "labels in capitals": "UPDATE groups SET label = upper(label) WHERE language = 'es'",
    "categories in another order": "UPDATE categories SET position = -position",
    "the address of an organization": "UPDATE organizations SET url = '' WHERE id LIKE 'n%'",
    "the name of an organization": "UPDATE organizations SET name = upper(name) WHERE language = 'es'",
    "a section lost": "DELETE FROM stored_sections WHERE edition = 3 AND position = 2",
    "sections exchanged": "UPDATE stored_sections SET position = -position WHERE edition = 3",
    "the last word of a section lost": "UPDATE stored_sections "
    "SET text = rtrim(text, 'abcdefghijklmnopqrstuvwxyz.')",
    "a line twice": "UPDATE stored_sections SET text = text || char(10) || 'again' WHERE position = 1",
    "headings of the other language": "UPDATE stored_sections SET heading = id WHERE edition = 3",
    "an address of a link": "UPDATE pages SET url = url || '/' WHERE id = 5",
    "the title of a link": "UPDATE pages SET title = upper(title) WHERE id = 5",
    "the language of a link": "UPDATE pages SET language = CASE language WHEN 'es' THEN 'en' ELSE 'es' END",
    "links exchanged": "UPDATE stored_links SET position = -position WHERE edition = 5",
    "a link in another category": "UPDATE OR REPLACE stored_links SET category = "
    "(SELECT category FROM stored_links ORDER BY category LIMIT 1) WHERE edition = 5",
    "an organization beside another link": "UPDATE OR REPLACE stored_link_organizations SET position = 1",
    "an organization lost": "DELETE FROM stored_link_organizations WHERE edition = 5 AND position = 1",
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corrupted_index_does_not_agree(name: str, tmp_path: Path) -> None:
    path = tmp_path / "topics.sqlite"
    shutil.copyfile(bundled_index().path, path)
    with closing(sqlite3.connect(path)) as connection:
        before = connection.total_changes
        connection.executescript(CORRUPTIONS[name])
        assert connection.total_changes > before, "it corrupts nothing"
    assert any(differences(TopicIndex(path)))
