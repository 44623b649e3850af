"""HTTP messages as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.delivery.parts import Part
from healthtopics.jsontext import Json

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
"""The media types of bodies that may hold parameters, as a query does."""

Headers = tuple[tuple[str, str], ...]

FIELDS: Final = (
    "accept",
    "accept-encoding",
    "accept-language",
    "access-control-request-method",
    "content-type",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "prefer",
    "range",
)
"""The header fields that answers depend on."""

COMMON: Final[Headers] = (
    ("X-Content-Type-Options", "nosniff"),
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        (
            "Accept-Post, Accept-Ranges, Allow, Content-Language, Content-Length, Content-Location, "
            "Content-Range, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, "
            "X-Request-Id"
        ),
    ),
)
"""Headers of every response: types are not guessed, and pages of any origin may read everything."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request."""

    method: str
    path: str
    """Percent-decoded, with its leading slash."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name, at least FIELDS; repeated fields are joined by commas (RFC 9110 §5.3)."""
    query: str = ""
    """As it was sent, without the question mark."""
    body: bytes = b""

    @property
    def media_type(self) -> str:
        """That of the body in lower case, without parameters; empty if the request does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence of the service for people, in the languages of its error messages."""

    en: str
    es: str

    def filled(self, **values: object) -> "Wording":
        """Return the text with `{names}` replaced by values; a Wording is a value in each language."""
        given = {
            language: {name: _into(value, language) for name, value in values.items()}
            for language in LANGUAGES
        }
        return Wording(self.en.format(**given["en"]), self.es.format(**given["es"]))

    def into(self, language: str) -> str:
        """Return the text in a language; in English, if there is no translation."""
        return self.es if language.partition("-")[0] == "es" else self.en


def _into(value: object, language: str) -> object:
    return value.into(language) if isinstance(value, Wording) else value


LANGUAGES: Final = ("en", "es")
"""Those of the service's own sentences."""


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """What is wrong, before it is known in which form and language the client reads it."""

    detail: Wording
    members: Mapping[str, Any] = field(default_factory=dict)
    """Extension members (RFC 9457 §3.2): JSON, in which texts for people are Wordings."""
    language: str = ""
    """The language of the answer, if the route knows it better than addresses and headers say."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response; for HEAD, `body` is empty and the headers are those of GET."""

    status: int
    headers: Headers
    body: bytes = b""
    part: Part | None = None
    """What is sent instead of `body`, if it is large."""
    operation: str = ""
    """Which route answered, for logs and metrics; empty if none did."""
    problem: ProblemDetails | None = None
    """What is wrong, if that is not written into the body yet: `problem_details` does it."""
    is_private: bool = False
    """Whether the query may carry diagnoses, so that it must not be logged, and the answer not kept."""


def problem(
    status: int,
    detail: Wording,
    *,
    language: str = "",
    headers: Headers = (),
    cache: str = "no-store",
    **members: Any,  # noqa: ANN401 - JSON with Wordings
) -> Response:
    """Return an error; `members` and `language` are those of ProblemDetails."""
    kept = (("Cache-Control", cache), *headers)
    return Response(status, (*kept, *COMMON), problem=ProblemDetails(detail, members, language))


def json_response(
    status: int, media_type: str, document: Json, headers: Headers = (), cache: str = "no-store"
) -> Response:
    """Return a JSON document that is made for this request."""
    body = jsontext.dump(document)
    kept = (("Content-Type", media_type), ("Content-Length", str(len(body))), ("Cache-Control", cache))
    return Response(status, (*kept, *headers, *COMMON), body)
