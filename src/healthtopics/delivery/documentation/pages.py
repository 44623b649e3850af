"""The documentation as texts for pages of the site, and the guide as Markdown for the repository."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from healthtopics.delivery.documentation.facts import Facts
from healthtopics.delivery.documentation.fhir import KINDS, MEANINGS, FhirServer, requests_of
from healthtopics.delivery.documentation.wording import Say, words_of
from healthtopics.delivery.message import LANGUAGES
from healthtopics.formats.fhir.searching import TYPES
from healthtopics.jsontext import Document, canonical
from healthtopics.markup.templates import page_templates
from healthtopics.website.framed import FramedText

_PLACES: Final = {"path": "in the path", "query": "in the query", "header": "a header"}
_MARKDOWN: Final = MarkdownIt("commonmark").enable("table").disable(("html_block", "html_inline"))
# Words in tables are not broken: a wide table scrolls, also with the keyboard.
_MARKDOWN.add_render_rule("table_open", lambda *_: '<div class="table" tabindex="0">\n<table>\n')
_MARKDOWN.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
"""HTML in a text is shown, not rendered."""
_PACKAGE: Final = "healthtopics.delivery.documentation"
_SUFFIXES: Final = {"guide.html": "", "reference.html": "/api", "fhir.html": "/fhir"}
"""What the addresses of the pages have after the language."""


def render_reference(document: Document, facts: Facts, language: str) -> FramedText:
    """Return the page with all requests of an OpenAPI document that is in this language."""
    say = words_of(language)
    values = {
        "title": say("All requests to {host}").replace("{host}", facts.host),
        "operations": operations_of(document),
        "places": {each: say(text) for each, text in _PLACES.items()},
        "value": canonical_text,
        "prose": _prose,
    }
    return _page("reference.html", document, facts, language, values)


def render_guide(document: Document, facts: Facts, language: str) -> FramedText:
    """Return the guide for partners as a page."""
    guide = Guide(document, words_of(language))
    text = guide.render(facts, language, facts.prefix)
    tokens = _MARKDOWN.parse(text)
    headings = [
        (token, text.content)
        for token, text in pairwise(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]
    for (token, _text), identity in zip(headings, guide.sections, strict=True):
        token.attrSet("id", identity)
    # The template of the page has the title, the first three tokens, before the contents.
    body = _MARKDOWN.renderer.render(tokens[3:], _MARKDOWN.options, {})
    values = {
        "title": tokens[1].content,
        "contents": [(token.attrGet("id"), text) for token, text in headings],
        "body": Markup(body),  # noqa: S704 - the renderer escapes HTML
    }
    return _page("guide.html", document, facts, language, values)


def render_fhir(document: Document, facts: Facts, servers: Sequence[FhirServer], language: str) -> FramedText:
    """Return the page about the FHIR servers."""
    say = words_of(language)
    values = {
        "title": say("The FHIR servers of {host}").replace("{host}", facts.host),
        "servers": servers,
        "types": sorted({type_ for each in servers for type_ in each.counts}),
        "searched": TYPES,
        "meanings": MEANINGS,
        "kinds": KINDS,
        "fhir": requests_of(operations_of(document)),
        "value": canonical_text,
        "prose": _prose,
    }
    return _page("fhir.html", document, facts, language, values)


def canonical_text(value: object) -> str:
    """Return a JSON value as a person writes it in an address."""
    return value if isinstance(value, str) else canonical(value).decode()


class Guide:
    """The guide for partners in one language, while it is rendered."""

    def __init__(self, document: Document, say: Say) -> None:
        self.document = document
        self.say = say
        self.sections: list[str] = []
        """The ids of the sections so far."""
        self.operations = operations_of(document)
        self.samples: Mapping[str, Document] = {
            sample["x-id"]: sample for each in self.operations for sample in each["x-codeSamples"]
        }

    def render(self, facts: Facts, language: str, root: str) -> str:
        """Return the guide in Markdown; links begin with `root`."""
        template = _markdown().get_template(f"guide.{language}.md")
        return template.render(guide=self, facts=facts, root=root)

    def section(self, identity: str, title: str) -> str:
        """Return the heading of a section. Its id is that which GitHub gives the English heading."""
        self.sections.append(identity)
        return f"## {title}"

    def parameters(self, operation: str) -> str:
        """Return the names of the parameters of an operation."""
        (found,) = (each["parameters"] for each in self.operations if each["operationId"] == operation)
        return ", ".join(f"`{each['name']}`" for each in found)

    def request(self, identity: str) -> str:
        """Return an example: the command, and what comes back."""
        sample = self.samples.get(identity)
        if sample is None:
            return self.say("This release has no example.")
        headers = [f"{name}: {value}" for name, value in sample["x-headers"].items()]
        known = ", ".join(f"`{each}`" for each in (str(sample["x-status"]), *headers))
        shown = ", ".join(f"`{each}`" for each in sample["x-shows"])
        body = self.say(" The body has {shown}.").replace("{shown}", shown) if shown else ""
        answer = self.say("Answer: {known}.").replace("{known}", known)
        return f"```sh\n{sample['source']}\n```\n\n{answer}{body}"

    def all_requests(self) -> str:
        """Return every example under the operation that it shows, by tag."""
        pieces = []
        for tag in self.document["tags"]:
            pieces.append(f"### {tag['x-displayName']}")
            for each in self.operations:
                if tag["name"] in each["tags"]:
                    pieces.append(f"**`{each['method']} {each['path']}`** {each['summary']}")
                    pieces += [
                        f"{sample['label']}:\n\n{self.request(sample['x-id'])}"
                        for sample in each["x-codeSamples"]
                    ]
        return "\n\n".join(pieces)


def _prose(text: str) -> Markup:
    """Return a description of the document, which is Markdown, as HTML."""
    return Markup(_MARKDOWN.renderInline(text))  # noqa: S704 - the renderer escapes HTML


def operations_of(document: Document) -> list[dict[str, Any]]:
    """Return the operations of a document with their method and path, and with members that may be absent."""
    empty: dict[str, Any] = {"description": "", "requestBody": {"content": {}}}
    return [
        {**empty, "method": method.upper(), "path": path, **operation}
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def _page(
    name: str, document: Document, facts: Facts, language: str, values: Mapping[str, Any]
) -> FramedText:
    suffix = _SUFFIXES[name]
    template = _templates().get_template(name)
    common = {
        "say": words_of(language),
        "document": document,
        "facts": facts,
        "root": facts.prefix,
        "language": language,
        "page": suffix,
    }
    return FramedText(
        title=values["title"],
        content=Markup(template.render({**common, **values})),  # noqa: S704 - the template escapes
        language=language,
        paths={each: f"docs/{each}{suffix}" for each in LANGUAGES},
        above="partners",
    )


@cache
def _templates() -> Environment:
    return page_templates(_PACKAGE)


@cache
def _markdown() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=False,  # noqa: S701 - the renderer of Markdown escapes HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
