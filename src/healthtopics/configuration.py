"""healthtopics.toml as a value. Its schema is schema/configuration.schema.json."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import msgspec

from healthtopics.language import SOURCE, LanguageTag

_RESERVED: Final = frozenset(
    ("example", "example.com", "example.net", "example.org", "invalid", "localhost", "test")
)
"""The names that RFC 2606 reserves: no host of the Internet ever has them."""


def is_reserved(url: str) -> bool:
    """Return whether nobody else can ever open an address: its host is for examples, or is this machine."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        labels = host.split(".")
        return labels[-1] in _RESERVED or ".".join(labels[-2:]) in _RESERVED


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagePolicy:
    """When an edition in the language is published."""

    policy: Literal["complete", "fallback"] = "complete"
    threshold: float = 0.8
    """`fallback` only: the share of messages that must be translated, 0 to 1."""
    locale: LanguageTag | None = None
    """The regional variant whose number and date forms translators follow."""
    review: Literal["none", "required"] = "none"
    """Whether an edition waits until messages that can hurt readers have been reviewed."""
    signed_off_is_reviewed: bool = False
    """Whether what an agency sends back as signed-off counts as reviewed."""

    def to_dict(self) -> dict[str, Any]:
        """Return the members in the form of the configuration, with a threshold only if it applies."""
        members: dict[str, Any] = {"policy": self.policy}
        if self.policy == "fallback":
            members["threshold"] = self.threshold
        if self.locale is not None:
            members["locale"] = str(self.locale)
        return members


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The configuration of a workspace."""

    base_url: str
    """Without a slash at the end."""
    publisher: str
    """A key of the vocabulary `organizations`."""
    languages: Mapping[LanguageTag, LanguagePolicy]
    """The languages besides the source language."""
    formats: tuple[str, ...]
    """The names of the formats that are exported."""
    emergency_numbers: tuple[str, ...] = ("911",)
    """What readers call in an emergency, in the region of the workspace; by default the United States."""
    contact: str = ""
    """Where readers report a problem with a page, `https:` or `mailto:`; empty for nowhere."""
    trial: bool = False
    """Whether the workspace only tries things out: nobody should rely on its pages."""
    cadence: str = "P1D"
    """How often a publishing job runs, an ISO 8601 duration of days or hours."""
    reading_ease: Mapping[LanguageTag, float] = field(default_factory=dict)
    """By language: the hardest value of its formula without a warning; see `reading.ease`."""

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], formats: Iterable[str]) -> "Configuration":
        """Read a valid document; `formats` are the default for a workspace that names none."""
        return msgspec.convert({"formats": tuple(formats), **document}, Configuration)

    @property
    def all_languages(self) -> tuple[LanguageTag, ...]:
        """The source language first, then the others as configured."""
        return (SOURCE, *(language for language in self.languages if language != SOURCE))

    @property
    def has_reserved_host(self) -> bool:
        """Whether nobody else can ever open the addresses, as in `is_reserved`."""
        return is_reserved(self.base_url)

    def locale_of(self, language: LanguageTag) -> LanguageTag:
        """Return the regional variant whose forms the language follows, by default the language itself."""
        rule = self.languages.get(language)
        return (rule and rule.locale) or language

    @property
    def cadence_hours(self) -> int:
        """The cadence in hours."""
        amount = int("".join(character for character in self.cadence if character.isdigit()))
        return amount if "T" in self.cadence else 24 * amount


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """A receiver of messages about releases."""

    url: str
    secret_env: str = ""
    """The environment variable with the secret; empty if it is in a file."""
    secret_file: str = ""
    """The file with the secret, relative to the workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """The table `jobs`: how scheduled jobs report. It changes no release."""

    metrics: str = ""
    """The file for Prometheus, relative to the workspace; empty for none."""
    ping: str = ""
    """Where each start and end is reported, as healthchecks.io defines it; empty for nowhere."""
    webhooks: Mapping[str, WebhookSettings] = field(default_factory=dict)
    """By a name of the operator's choice."""

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> "JobSettings":
        """Read a valid document, which need not have the table."""
        return msgspec.convert(document.get("jobs", {}), JobSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """The table `serve`: how the service runs. It changes no release; options of the command come first."""

    workers: int = 1
    proxies: tuple[str, ...] = ()
    """The addresses or networks of proxies whose X-Forwarded-For is believed."""
    keys: str = ""
    """The file with API keys, relative to the workspace; empty for none."""
    require_key: bool = False
    """Whether requests without a key are refused."""
    rate: str = ""
    """How many requests a client without a key may make, `600/minute`; empty for any number."""
    key_rate: str = ""
    """The same for each key."""

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> "ServeSettings":
        """Read a valid document, which need not have the table."""
        return msgspec.convert(document.get("serve", {}), ServeSettings)


_LANGUAGES_TABLE: Final = re.compile(r"^\[languages\b.*\n(?:(?!\[)[^\n]*\S[^\n]*\n)*", re.MULTILINE)
"""The table of a language, up to the next empty line or table."""


def add_language(text: str, language: LanguageTag, policy: LanguagePolicy) -> str:
    """Return the text of a configuration with a table for one more language, after those that it has.

    Everything else stays the same, to the byte. Raises ValueError with what to write by hand if TOML
    does not allow such a table: the languages are an inline table, or this one is among them.
    """
    members = policy.to_dict()
    end = "\r\n" if "\r\n" in text else "\n"
    text += end if text and not text.endswith("\n") else ""
    lines = ["", f"[languages.{language}]", *(f"{name} = {_toml(value)}" for name, value in members.items())]
    table = "".join(line + end for line in lines)
    tables = [match.end() for match in _LANGUAGES_TABLE.finditer(text)]
    for at in (*tables[-1:], len(text)):
        following = text[at:]
        gap = end if following.strip() and not following.startswith(("\n", "\r")) else ""
        found = text[:at] + table + gap + following
        if _adds_only(found, text, language, members):
            return found
    inline = ", ".join(f"{name} = {_toml(value)}" for name, value in members.items())
    raise ValueError(f"{language} = {{ {inline} }}")


def _adds_only(found: str, text: str, language: LanguageTag, members: Mapping[str, Any]) -> bool:
    """Return whether a configuration is that of the text with this language added."""
    try:
        old, new = tomllib.loads(text), tomllib.loads(found)
    except tomllib.TOMLDecodeError:
        return False
    return new == {**old, "languages": {**old.get("languages", {}), language: members}}


def _toml(value: str | float) -> str:
    """Serialize a value that needs no escapes."""
    return f'"{value}"' if isinstance(value, str) else str(value)
