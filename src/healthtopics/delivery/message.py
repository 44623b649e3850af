"""HTTP messages as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from healthtopics import jsontext
from healthtopics.jsontext import Json
from healthtopics.language import SOURCE

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
class Slice:
    """Bytes of a file of the store, to be sent without reading the file into memory."""

    key: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Response:
    """A response; for HEAD, `body` is empty and the headers are those of GET."""

    status: int
    headers: Headers
    body: bytes = b""
    part: Slice | None = None
    """What is sent instead of `body`, if it is large."""
    operation: str = ""
    """Which route answered, for logs and metrics; empty if none did."""
    is_private: bool = False
    """Whether the query may carry diagnoses, so that it must not be logged, and the answer not kept."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence of the service for people, in the languages of its error messages."""

    en: str
    es: str

    def filled(self, **values: object) -> "Wording":
        """Return the text with `{names}` replaced by values."""
        return Wording(self.en.format(**values), self.es.format(**values))

    def into(self, language: str) -> str:
        """Return the text in a language; in English, if there is no translation."""
        return self.es if language.partition("-")[0] == "es" else self.en


LANGUAGES: Final = ("en", "es")
"""Those of the service's own sentences."""


def language_of(path: str, languages: Sequence[str]) -> str:
    """Return the language of a path relative to the base URL, in which errors are written; else English."""
    first = path.partition("/")[0]
    return first if first in languages else SOURCE


TITLES: Final[Mapping[int, str]] = {
    400: "Solicitud incorrecta",
    401: "No autorizado",
    403: "Prohibido",
    404: "No encontrado",
    405: "Método no permitido",
    406: "No aceptable",
    408: "Tiempo de espera agotado",
    410: "Ya no está disponible",
    412: "Condición previa no cumplida",
    413: "Contenido demasiado grande",
    414: "Dirección demasiado larga",
    415: "Tipo de contenido no admitido",
    416: "Rango no satisfacible",
    429: "Demasiadas solicitudes",
    431: "Encabezados demasiado grandes",
    500: "Error interno del servidor",
    501: "No implementado",
    503: "Servicio no disponible",
}
"""The titles of statuses in Spanish; the English ones are those of RFC 9110."""


def problem(
    status: int,
    detail: Wording,
    *,
    language: str = SOURCE,
    headers: Headers = (),
    cache: str = "no-store",
    **members: Json,
) -> Response:
    """Return an error as problem details (RFC 9457); `members` are extension members."""
    title = HTTPStatus(status).phrase
    title = Wording(title, TITLES.get(status, title)).into(language)
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail.into(language)}
    said_in = "es" if language.partition("-")[0] == "es" else SOURCE
    headers = (("Content-Language", said_in), *headers)
    return json_response(status, "application/problem+json", document | members, headers, cache)


def json_response(
    status: int, media_type: str, document: Json, headers: Headers = (), cache: str = "no-store"
) -> Response:
    """Return a JSON document that is made for this request."""
    body = jsontext.dump(document)
    kept = (("Content-Type", media_type), ("Content-Length", str(len(body))), ("Cache-Control", cache))
    return Response(status, (*kept, *headers, *COMMON), body)
