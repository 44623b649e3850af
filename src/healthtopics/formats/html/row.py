"""The row of the page for readers, which embeds the schema.org document."""

from typing import Any, cast

from healthtopics.formats.format import CheckContext, Format
from healthtopics.formats.html.checking import check_page
from healthtopics.formats.html.exporting import templates, to_page
from healthtopics.formats.html.reading import read_page
from healthtopics.formats.table import format_named
from healthtopics.problems import Problem
from healthtopics.topic import Edition, LocalizedTopic


def _export(topic: LocalizedTopic, edition: Edition) -> str:
    data = format_named("schemaorg").export(topic, edition)
    return to_page(topic, edition, cast("dict[str, Any]", data))


def _check(page: str, path: str, context: CheckContext) -> list[Problem]:
    return check_page(page, path, context.topic) if context.topic else []  # no page spans all topics


HTML = Format(
    name="html",
    label="HTML",
    media_type="text/html",
    folder="html",
    suffix=".html",
    templates=templates,
    export=_export,
    check=_check,
    read=read_page,
)
