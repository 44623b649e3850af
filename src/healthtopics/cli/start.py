"""`healthtopics init`: a new workspace with a worked example."""

import json
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from healthtopics.cli.common import language_named, workspace_at
from healthtopics.cli.run import current
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import CONFIGURATION, LOCALES, folder_of, vocabulary_path

if TYPE_CHECKING:
    from healthtopics.problems import Problem

_BASE_URL: Final = "https://healthtopics.example"
_PUBLISHER: Final = "Example Publisher"
_KEY: Final = "publisher"
"""The key of the publisher in the example, and of one whose name gives none."""
_LONGEST_KEY: Final = 80
_LANGUAGES: Final = "es"


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the workspace.")] = Path(),
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="Where the exports will be published.")
    ] = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", metavar="NAME", help="Who answers for the texts, by name.")
    ] = None,
    languages: Annotated[
        str | None,
        typer.Option(
            "--languages", metavar="TAGS", help="The languages besides English, by commas (es,pt), or none."
        ),
    ] = None,
    update: Annotated[
        bool,
        typer.Option("--update", help="Renew the schemas that editors use in an existing workspace."),
    ] = False,
) -> None:
    """Start a workspace with one worked example.

    It is ready to publish: configuration, one topic in English and Spanish, settings for git and editors.
    On a terminal, what no option says is asked. Until you name an address of your own, it is a trial, and
    every page says so.

    Examples:
    healthtopics init site                     # ask what is needed
    healthtopics init site --languages es,pt   # ask for the rest
    healthtopics init --update site            # after an update of healthtopics
    """
    if update:
        if (base_url, publisher, languages) != (None, None, None):
            raise typer.BadParameter(
                "--update: change address, publisher and languages in healthtopics.toml."
            )
        _update(folder)
        return
    from healthtopics.importers.shared.slugs import slug
    from healthtopics.storage.workspace import create_workspace, refuse_existing

    example = _example()
    refuse_existing(folder, example)
    url = _answer(base_url, "--base-url", "Where will the exports be published?", _BASE_URL, _address)
    name = _answer(publisher, "--publisher", "Who answers for the texts?", _PUBLISHER, _name)
    tags = _answer(languages, "--languages", "Which languages besides English, or none?", _LANGUAGES, _tags)
    files, is_trial = _adapted(example, url, name, tags)
    create_workspace(folder, files)
    current().answer("done", folder=str(folder.resolve()), trial=is_trial, files=sorted(files))
    typer.echo(f"A workspace with one worked example is in {folder.resolve()}.")
    if is_trial:
        typer.echo(_about_trial(url))
    if not slug(name, _LONGEST_KEY, fallback=""):
        typer.echo(
            f"The publisher has the key `{_KEY}`, as keys have Latin letters: for another one, change it in "
            "healthtopics.toml and vocabulary/organizations.json."
        )
    update_first = [] if tags in ([], [_LANGUAGES]) else ["catalogue update"]
    steps = (f"healthtopics {each}" for each in (*update_first, "check", "publish", "serve"))
    typer.echo(f"Next there: {', '.join(steps)}.")
    typer.echo("In a git repository, README.md there says how git merges catalogues.")


def _about_trial(url: str) -> str:
    """Return what to do before others rely on a workspace whose address they cannot open."""
    if url == _BASE_URL:
        return (
            "It is a trial: before others rely on it, set base_url in healthtopics.toml, and the url in "
            "vocabulary/organizations.json."
        )
    return f"It is a trial, as nobody else can open {url}: every page says so."


def _update(folder: Path) -> None:
    from healthtopics.storage.workspace import read_bytes, schema_copies, write_file

    opened = workspace_at(folder)
    written = []
    for path, data in schema_copies().items():
        was = read_bytes(opened, path)
        if was != data:
            write_file(opened, path, data, was=was)
            written.append(path)
    current().answer("done", files=written)
    for path in written:
        typer.echo(f"updated {path}")
    if not written:
        typer.echo("The schemas are those of this version of healthtopics.")


def _answer(given: str | None, option: str, question: str, default: str, parse: Callable[[str], Any]) -> Any:  # noqa: ANN401 - what `parse` returns
    """Return what an option says, or what the user answers; the default if nobody can be asked."""
    if given is not None:
        try:
            return parse(given)
        except typer.BadParameter as error:
            raise typer.BadParameter(f"{option}: {error.message}") from None
    if sys.stdin.isatty() and sys.stdout.isatty():
        return typer.prompt(question, default=default, value_proc=parse)
    return parse(default)


def _address(text: str) -> str:
    if problems := _problems_of({"base_url": text.rstrip("/")}, "/base_url"):
        raise typer.BadParameter(problems[0].message)
    return text.rstrip("/")


def _problems_of(members: Mapping[str, Any], pointer: str) -> "list[Problem]":
    """Return what is wrong with members of a configuration that is otherwise sound."""
    from healthtopics.formats.table import format_names
    from healthtopics.validation.configuration import check_configuration

    document = {"base_url": _BASE_URL, "publisher": "publisher", "languages": {}, **members}
    found = check_configuration(document, CONFIGURATION, format_names())
    return [problem for problem in found if problem.pointer.startswith(pointer)]


def _name(text: str) -> str:
    if not text.strip():
        raise typer.BadParameter("a publisher needs a name.")
    return text.strip()


def _tags(text: str) -> list[LanguageTag]:
    words = [] if text.strip().lower() == "none" else text.replace(",", " ").split()
    tags = [language_named(word) for word in words]
    if SOURCE in tags:
        raise typer.BadParameter(f"topics are written in {SOURCE!r}, which needs no translation.")
    return list(dict.fromkeys(tags))


def _example() -> dict[str, bytes]:
    from healthtopics.plugins import package_files
    from healthtopics.storage.workspace import schema_copies

    found = package_files(Path(__file__).parents[1] / "example")
    # Under their real names some would hide files from the build of the package.
    example = {re.sub("^dot/", ".", name): path.read_bytes() for name, path in found}
    return {**example, **schema_copies()}


def _adapted(
    example: Mapping[str, bytes], url: str, publisher: str, languages: list[LanguageTag]
) -> tuple[dict[str, bytes], bool]:
    """Return the example with another address, publisher and languages; whether it is a trial."""
    from healthtopics.configuration import Configuration, LanguagePolicy, add_language
    from healthtopics.importers.shared.slugs import slug
    from healthtopics.jsontext import dump

    files = dict(example)
    organizations_path = vocabulary_path("organizations")
    text = files[CONFIGURATION].decode()
    key = _KEY if publisher == _PUBLISHER else slug(publisher, _LONGEST_KEY, fallback=_KEY)
    text = text.replace(f'"{_BASE_URL}"', json.dumps(url)).replace(f'= "{_KEY}"', f'= "{key}"')
    if _LANGUAGES not in languages:
        text = re.sub(r"\n\[languages\.es\]\n(?:[^\n]+\n)+", "", text)
        files = {path: data for path, data in files.items() if folder_of(path) != LOCALES}
    for tag in languages:
        if tag != _LANGUAGES:
            text = add_language(text, tag, LanguagePolicy())
    if "languages" not in tomllib.loads(text):
        text += "\n[languages]\n"
    settings = Configuration.from_dict(tomllib.loads(text), ())
    if not settings.has_reserved_host:
        text = re.sub(r"# Every page says[^\n]*\ntrial = true\n\n", "", text)
    files[CONFIGURATION] = text.encode()
    organizations = json.loads(files[organizations_path])
    organizations["entries"][0] |= {"id": key, "name": publisher, "url": f"{url}/"}
    files[organizations_path] = dump(organizations)
    return files, settings.has_reserved_host
