"""Records that somebody with the knowledge to do it has read editions of a topic."""

from collections.abc import Iterator
from dataclasses import replace

from healthtopics.checks.tags import shown_markup
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE
from healthtopics.layout import catalogue_path, topic_path
from healthtopics.markup import literal_markup
from healthtopics.problems import Level, Problem
from healthtopics.publishing.deciding import Decided
from healthtopics.topic import Review


def check_sign_off(topic: Decided, review: Review) -> Iterator[Problem]:
    """Yield a problem for each edition that the review cannot be of: readers would never see it.

    A name with markup, which they would see as it is, is one too.
    """
    if found := literal_markup(review.by):
        yield replace(shown_markup(found), level=Level.ERROR).at(topic_path(topic.name), None)
    for language in review.languages:
        verdict = topic.verdicts[language]
        path = topic_path(topic.name) if language == SOURCE else catalogue_path(language, topic.name)
        if verdict.card is None:
            yield Problem(
                check="sign-off",
                path=path,
                message=f"the {language} edition is not complete, so that there is nothing to review yet.",
                hint=f"`healthtopics catalogue status {topic.name}` lists what is missing.",
            )
        elif review.date < verdict.card.updated[:10]:
            yield Problem(
                check="sign-off",
                path=path,
                message=f"the {language} edition changed on {verdict.card.updated[:10]}, after this review "
                f"({review.date}).",
                hint="Readers see a review only if the text has not changed since. Have the new text read.",
            )


def with_review(document: JsonObject, review: Review, topic: Decided, following: str = "") -> JsonObject:
    """Return a topic's document with one more review of what its editions say, unless it has the same one.

    `following` is the last day for the next review, ISO; if it is empty, the document keeps the one it has.
    """
    dates = dict(document["dates"])
    first = {name: dates.pop(name) for name in ("created", "updated")}
    cards = {language: topic.verdicts[language].card for language in review.languages}
    content = {language: card.content for language, card in cards.items() if card}
    added: JsonObject = {"date": review.date, "by": review.by, "languages": list(review.languages)}
    if content:  # of an edition that is not complete, there is none
        added["content"] = content
    reviews = list(dates.pop("reviews", ()))
    if added not in reviews:
        reviews.append(added)
    if following:
        dates["reviewBy"] = following
    return {**document, "dates": {**first, "reviews": reviews, **dates}}
