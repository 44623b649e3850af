"""What a reader sees of a parsed summary."""

from collections.abc import Iterator
from typing import Any

from healthtopics import markup
from healthtopics.importers.medlineplus.summary import SummaryText


def inline_texts(summary: SummaryText) -> Iterator[markup.Inline]:
    """Yield every text of the summary, in order; plain ones as if marked up."""

    def of_items(items: list[Any]) -> Iterator[markup.Inline]:
        for item in items:
            if isinstance(item, str):
                yield markup.parse(item)
            else:
                yield markup.parse(item["item"])
                yield from of_items(item["list"])

    for part in summary.sections:
        if part.heading:
            yield markup.Inline((part.heading,))
        for block in part.blocks:
            if "list" in block:
                yield from of_items(block["list"])
            elif "subheading" in block:
                yield markup.Inline((block["subheading"],))
            else:
                yield markup.parse(block.get("paragraph") or block["attribution"])


def even(text: str) -> str:
    return " ".join(text.split())
