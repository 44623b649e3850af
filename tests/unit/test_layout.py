"""Where things lie in a workspace is typed in one module."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from healthtopics import layout
from healthtopics.language import LanguageTag

PACKAGE = Path(layout.__file__).parent
ES_US = LanguageTag("es-US")
PATH = re.compile(r"(?:topics|locales|vocabulary)/|.*LC_MESSAGES|healthtopics\.toml$", re.DOTALL)


def paths_typed_in(module: ast.Module) -> Iterator[tuple[int, str]]:
    documentation = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in documentation and PATH.match(text):
                yield node.lineno, text


def test_no_other_module_types_the_path_of_a_file_of_a_workspace() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "layout.py" and PACKAGE / "delivery" not in path.parents  # which knows addresses
        for line, text in paths_typed_in(ast.parse(path.read_bytes()))
    ]
    assert found == []


def test_paths_of_a_workspace() -> None:
    assert layout.topic_path("asthma") == "topics/asthma.json"
    assert layout.catalogue_path(ES_US, "asthma") == "locales/es_US/LC_MESSAGES/asthma.po"
    assert layout.glossary_path(ES_US) == "locales/es_US/glossary.json"
    assert layout.vocabulary_path("groups") == "vocabulary/groups.json"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("locales/es_US/LC_MESSAGES/asthma.po", ("es_US", "asthma")),
        ("locales/es_US/glossary.json", None),
        ("topics/asthma.json", None),
        ("healthtopics.toml", None),
    ],
)
def test_path_of_a_catalogue_names_language_and_topic(path: str, expected: tuple[str, str] | None) -> None:
    assert layout.parse_catalogue_path(path) == expected


def test_path_starts_with_its_folder() -> None:
    assert layout.folder_of("topics/asthma.json") == layout.TOPICS
    assert layout.folder_of("healthtopics.toml") == layout.CONFIGURATION


def test_vocabularies_and_their_spanish_catalogue_are_packaged() -> None:
    assert "schema/vocabulary/aspects.json" in layout.packaged_vocabularies()
    assert layout.packaged_catalogue(LanguageTag("es"), "vocabulary") is not None
    assert layout.packaged_catalogue(LanguageTag("tlh"), "vocabulary") is None


def test_the_spanish_glossary_is_packaged() -> None:
    assert layout.packaged_glossary(LanguageTag("es")) is not None
    assert layout.packaged_glossary(LanguageTag("tlh")) is None
