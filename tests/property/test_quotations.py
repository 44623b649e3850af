"""A quotation has both its marks, however long the text is that it quotes."""

from hypothesis import given
from hypothesis import strategies as st

from healthtopics.problems import quoted
from healthtopics.validation.public import CompiledSchema

TEXTS = st.text(st.characters(exclude_characters="“”", codec="utf-8"), max_size=300)
SCHEMA = CompiledSchema(
    {
        "items": {
            "properties": {
                "type": {"type": "number"},
                "enum": {"enum": ["never", 1]},
                "const": {"const": "never"},
                "pattern": {"pattern": "^never$"},
                "format": {"format": "date"},
                "length": {"maxLength": 0},
                "not": {"not": {}},
                "same": {"uniqueItems": True},
                "form": {"oneOf": [{"type": "number"}, {"type": "null"}]},
            }
        }
    }
)


@given(TEXTS, st.integers(3, 100))
def test_a_quotation_is_as_long_as_it_may_be_and_closed(text: str, most: int) -> None:
    quotation = quoted(text, most)
    assert (quotation[0], quotation[-1]) == ("“", "”")
    assert len(quotation) <= most
    assert quotation[1:-1] == text or (quotation[-2] == "…" and text.startswith(quotation[1:-2]))


@given(TEXTS)
def test_every_message_closes_what_it_quotes(text: str) -> None:
    names = ("type", "enum", "const", "pattern", "format", "length", "not", "form")
    document = [{name: text} for name in names] + [{"same": [text, text]}]
    for problem in SCHEMA.problems(document, "x.json", "topic-schema"):
        assert problem.message.count("“") == problem.message.count("”"), problem.message
