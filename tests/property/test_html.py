"""Pages: every text of a topic is on its page, in its language, and the page stays well-formed."""

from hypothesis import HealthCheck, assume, given, settings

from healthtopics.catalogue import IDENTITY, Catalogue
from healthtopics.formats.html.checking import check_page
from healthtopics.formats.html.exporting import to_page
from healthtopics.language import LanguageTag
from healthtopics.topic import LocalizedTopic
from healthtopics.translation.translate import translate
from healthtopics.validation.topics import TopicSchema
from property.strategies import TOPICS, Document
from support import pages

PLAN = TopicSchema().plan
GENERATED = {"html-duplicate-id", "html-heading"}
"""What other checks keep out of topics: two sections of one id, headings that are white space."""


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None
)
@given(TOPICS)
def test_every_text_is_on_the_page_in_its_language(document: Document) -> None:
    for catalogue in (IDENTITY, Catalogue(LanguageTag("es"))):
        translation = translate(PLAN, document, catalogue)
        assume(translation.document is not None)
        topic = LocalizedTopic.from_document(translation.document or {}, catalogue.language)
        page = to_page(topic, pages.edition(topic), pages.data(topic))
        found = [each for each in check_page(page, "page", topic) if each.check not in GENERATED]
        assert found == []
