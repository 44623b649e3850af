"""`healthtopics new`: the skeleton of a topic."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import workspace_at
from healthtopics.cli.run import current
from healthtopics.cli.usage import did_you_mean
from healthtopics.cli.vocabulary import vocabulary_at

if TYPE_CHECKING:
    from healthtopics.jsontext import JsonObject
    from healthtopics.vocabulary import Vocabulary

_T = TypeVar("_T")

_QUESTIONS: Final = {
    "overview": "What is it?",
    "how-it-works": "How does it work?",
    "causes": "What causes it?",
    "risk-factors": "Who is at risk?",
    "symptoms": "What are the symptoms?",
    "preparation": "How do you prepare for it?",
    "diagnosis": "How is it diagnosed?",
    "results": "What do the results mean?",
    "treatment": "How is it treated?",
    "benefits": "Why is it good for you?",
    "self-care": "What can you do yourself?",
    "safety": "What are the risks?",
    "prevention": "How can you prevent it?",
    "see-a-doctor": "When should you get help?",
}
"""The usual question of a section, by its aspect, in the order of a page.

None has the title, which may be a plural, or a word that is not capitalized within a sentence.
"""
_ABOUT: Final = "What should you know?"
"""The first question of a topic of `_MANY`: foot care, older adults."""
_ILLNESS: Final = ("overview", "causes", "symptoms", "diagnosis", "treatment", "prevention", "see-a-doctor")
_PROCEDURE: Final = ("overview", "preparation", "how-it-works", "safety", "results")
_REMEDY: Final = ("overview", "how-it-works", "safety", "see-a-doctor")
_USUAL: Final = {
    "condition": _ILLNESS,
    "symptom": _ILLNESS,
    "test": _PROCEDURE,
    "procedure": _PROCEDURE,
    "treatment": _REMEDY,
    "drug": _REMEDY,
    "wellness": ("overview", "benefits", "self-care"),
}
"""Which aspects a topic of a kind has; one of another kind: `_OTHER`."""
_OTHER: Final = ("overview", "self-care", "see-a-doctor")
_MANY: Final = frozenset({"wellness", "population", "other"})
"""The kinds of topics that are not one thing."""


def new(
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC", help="The id: lower-case words with dashes; it never changes.")
    ],
    title: Annotated[
        str | None, typer.Option("--title", metavar="TITLE", help="The name that most readers know.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            metavar="KEY",
            help="What the topic is about, a key of `healthtopics vocabulary kinds`; else condition.",
        ),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="KEY", help="A key of `healthtopics vocabulary groups`; repeatable."),
    ] = None,
    answers: Annotated[
        str | None,
        typer.Option(
            "--answers",
            metavar="KEYS",
            help="The questions to answer: keys of `healthtopics vocabulary aspects`, separated by commas; "
            "those that are usual for the kind if left out.",
        ),
    ] = None,
    workspace: options.Workspace = None,
) -> None:
    """Start a topic: its title, its kind, and the questions it answers.

    On a terminal, what no option says is asked. Each text that you have to write begins with TODO: in the new
    file, and `check` lists them. The topic is a draft: the others are published without it, until you
    remove the line `"draft": true`.

    Examples:
    healthtopics new asthma                              # ask what is needed
    healthtopics new mri --title MRI --kind test         # ask for the questions only
    healthtopics new mri --answers overview,results      # these questions
    """
    from healthtopics.jsontext import dump
    from healthtopics.layout import topic_path
    from healthtopics.storage.workspace import write_file
    from healthtopics.validation.topics import TopicReferences, TopicSchema

    opened = workspace_at(workspace)
    words = vocabulary_at(opened.folder)
    path = topic_path(topic)
    if (opened.folder / path).exists():
        raise typer.BadParameter(f"{path} exists already; it was left as it is.")
    title = _answer(title, "Title", topic.replace("-", " ").capitalize(), str.strip)
    is_kind_chosen = kind is not None or _can_ask()
    (kind,) = _choose(kind, words, "kinds", "Kind", "condition", most=1)
    usual = ",".join(_USUAL.get(kind, _OTHER))
    aspects = _choose(answers, words, "aspects", "Questions to answer", usual)
    groups = _known(words, "groups", group or [])
    document = {
        "$schema": "../.schema/topic.schema.json",
        "id": topic,
        "draft": True,
        "kind": kind,
        "title": title,
        "description": "TODO: what this page tells, in one sentence.",
        **({"groups": groups} if groups else {}),
        "sections": [_section(each, kind, words, opened.configuration.emergency_numbers) for each in aspects],
        "dates": dict.fromkeys(("created", "updated"), clock.now().date().isoformat()),
        "sources": [{"id": "source-1", "title": "TODO: the page or book that says so", "language": "en"}],
    }
    found = TopicSchema().check(document, path, TopicReferences(words))
    for problem in found:
        if problem.check != "unwritten":
            raise typer.BadParameter(f"{problem.pointer.lstrip('/')}: {problem.message} {problem.hint}")
    write_file(opened, path, dump(document), was=None)
    current().answer("done", topic=topic, path=path, kind=kind, unwritten=len(found))
    typer.echo(f"wrote {path}, with {len(found)} texts to write: each begins with TODO:.")
    why = (
        ""
        if is_kind_chosen
        else ", as no --kind was given. For another one, delete the file and run this again with --kind; "
        "`healthtopics vocabulary kinds` lists the keys"
    )
    typer.echo(f"Its kind is {kind}{why}.")
    typer.echo(f"Next: healthtopics check {topic} --watch lists them while you write.")
    typer.echo('It is a draft, and not published: remove the line "draft": true when it is finished.')


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _answer(given: str | None, question: str, default: str, parse: Callable[[str], _T]) -> _T:
    """Return what an option says, or what the user answers; the default if nobody can be asked."""
    if given is None and _can_ask():
        answer: _T = typer.prompt(question, default=default, value_proc=parse)
        return answer
    return parse(default if given is None else given)


def _choose(
    given: str | None, words: "Vocabulary", vocabulary: str, question: str, default: str, most: int = 99
) -> list[str]:
    """Return one to `most` keys of a vocabulary, as `_answer` does; a terminal is shown which there are."""

    def parse(text: str) -> list[str]:
        keys = _known(words, vocabulary, text.replace(",", " ").split())
        if not 1 <= len(keys) <= most:
            raise typer.BadParameter(f"{question}: name {'one key' if most == 1 else 'at least one key'}.")
        return keys

    if given is None and _can_ask():
        typer.echo(f"{vocabulary.capitalize()}: {', '.join(words.keys(vocabulary))}")
    return _answer(given, question, default, parse)


def _known(words: "Vocabulary", vocabulary: str, keys: Sequence[str]) -> list[str]:
    """Return the keys, each once; one that the vocabulary does not have is a usage error."""
    for key in keys:
        if not words.has(vocabulary, key):
            near = did_you_mean(key, words.keys(vocabulary))
            raise typer.BadParameter(
                f"{vocabulary} have no {key!r}.{near} `healthtopics vocabulary {vocabulary}` lists them."
            )
    return list(dict.fromkeys(keys))


def _section(aspect: str, kind: str, words: "Vocabulary", numbers: Sequence[str]) -> "JsonObject":
    question = _QUESTIONS.get(aspect, words.entries["aspects"][aspect].name)
    if aspect == "overview" and kind in _MANY:
        question = _ABOUT
    body: list[Any] = [{"paragraph": "TODO: the answer, from what a source says."}]
    if aspect == "see-a-doctor":
        body = [
            {
                "callout": f"Call {' or '.join(numbers)} or go to the emergency room if you",
                "urgency": "emergency",
                "body": [{"list": ["TODO: a sign, and the next ones as further items"]}],
            }
        ]
    return {"id": aspect, "aspect": aspect, "heading": question, "body": body}
