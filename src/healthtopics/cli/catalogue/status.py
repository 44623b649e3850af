"""`healthtopics catalogue status`: how far the translations have come."""

from typing import Any

from healthtopics.cli.catalogue.common import LanguageOption, editions_of, languages_of
from healthtopics.cli.common import (
    JsonOption,
    TopicsArgument,
    WorkspaceOption,
    known_topics,
    print_json,
    print_table,
    sources_of,
    workspace_at,
)


def status(
    topics: TopicsArgument = None,
    language: LanguageOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how far each topic is translated, and what keeps it from being published."""
    sources = sources_of(workspace_at(workspace))
    editions = editions_of(sources)
    names = known_topics(topics, list(editions.coverage))
    held = {(each.topic, each.language) for each in editions.held}
    rows: list[dict[str, Any]] = [
        {
            "language": tag,
            "topic": name,
            **editions.coverage[name][tag].to_dict(),
            "complete": editions.coverage[name][tag].is_complete,
            "publishable": (name, tag) not in held,
        }
        for tag in languages_of(sources, language)
        for name in names
    ]
    if as_json:
        print_json({"catalogues": rows})
        return
    heads = ("language", "topic", "messages", "translated", "fuzzy", "missing", "blocked")
    print_table(
        [*heads, "edition"],
        [[*(row[head] for head in heads), "ready" if row["publishable"] else "held"] for row in rows],
    )
