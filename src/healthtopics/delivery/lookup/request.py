"""A knowledge request as a value, and how the parameters of HL7's URL-based Infobutton guide are read.

The parameter names are paths, `mainSearchCriteria.v.c`; each step may be written in full,
`mainSearchCriteria.value.code`. Further instances have a number after any step: `mainSearchCriteria1.v.c` or
`mainSearchCriteria.v.c1`. Parameters that say more about the patient (age, sex, task) are not looked at.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from healthtopics.delivery.message import Wording
from healthtopics.delivery.negotiation import find_language

Pairs = Iterable[tuple[str, str]]
"""Names and values of parameters, in the order of the request."""

MOST_CONCEPTS: Final = 50
"""The largest number of codes in one request; a long problem list has some 30."""
MOST_SEARCHED: Final = 5
"""The largest number of them without a code: names take longer than codes."""
LONGEST: Final = 500
"""The maximum length of a value that is used, in characters."""

CRITERIA: Final = "mainSearchCriteria"
SUBTOPIC: Final = "subTopic"
RECIPIENT: Final = "informationRecipient"
LANGUAGE: Final = "informationRecipient.languageCode.c"
RESPONSE_TYPE: Final = "knowledgeResponseType"
CALLBACK: Final = "callback"

RECIPIENTS: Final = ("PAT", "PROV", "PAYOR")
"""Patient, provider, payor: HL7's ActInformationRecipient, of which the guide uses these."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What the requester asks about: a code with its system, words, or both."""

    code: str = ""
    system: str = ""
    """As given: an OID, a URI, or the key or short name of a code system."""
    name: str = ""
    """Its display name, or the words of the record."""

    @property
    def is_coded(self) -> bool:
        """Return whether it can be looked up; otherwise its name is."""
        return bool(self.code and self.system)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeRequest:
    """What of a request an answer depends on."""

    concepts: tuple[Concept, ...]
    """At least one, in the order of their instances."""
    subtopics: tuple[Concept, ...] = ()
    language: str = ""
    """A language of the release; empty if the request names none."""
    recipient: str = RECIPIENTS[0]
    response_type: str = ""
    """A media type in lower case; empty if the request names none."""
    callback: str = ""


@dataclass(frozen=True, slots=True)
class RequestFault:
    """What is wrong with a request; the value itself is not repeated."""

    parameter: str
    detail: Wording
    possible: tuple[str, ...] = ()
    """The values that the parameter may have, if they can be listed."""


class BadRequestError(ValueError):
    """A request that cannot be answered, with everything that is wrong with it."""

    def __init__(self, faults: Iterable[RequestFault], language: str = "") -> None:
        """Keep the faults, and the language that the request asks for, empty if it asks for none."""
        self.faults = tuple(faults)
        self.language = language
        super().__init__(" ".join(fault.detail.en for fault in self.faults))


def read_request(
    pairs: Pairs, *, languages: Sequence[str], response_types: Collection[str]
) -> KnowledgeRequest:
    """Read the parameters of a request; the values it may have for language and form are given.

    Raises BadRequestError.
    """
    reading = _Reading(pairs)
    concepts = tuple(reading.concepts(CRITERIA, needs_system=True))
    if sum(not each.is_coded for each in concepts) > MOST_SEARCHED:
        reading.refuse(f"{CRITERIA}.v.dn", _TOO_MANY_SEARCHED, most=MOST_SEARCHED)
    if not concepts and not reading.faults:
        reading.refuse(f"{CRITERIA}.v.c", _NOTHING_ASKED)
    request = KnowledgeRequest(
        concepts=concepts,
        subtopics=tuple(reading.concepts(SUBTOPIC, needs_system=False)),
        language=reading.language(languages),
        recipient=reading.choice(RECIPIENT, RECIPIENTS) or RECIPIENTS[0],
        response_type=reading.choice(RESPONSE_TYPE, response_types),
        callback=reading.callback(),
    )
    if reading.faults:
        raise BadRequestError(reading.faults, request.language)
    return request


def match_language(asked: str, languages: Sequence[str]) -> str:
    """Return the language of a release for a tag or a name; empty if there is none."""
    tag = asked.replace("_", "-").lower()
    return find_language(_ALIASES.get(tag, tag), languages) or ""


def write_concepts(root: str, concepts: Iterable[Concept]) -> Iterator[tuple[str, str]]:
    """Yield code, system and name of each concept with the names of their parameters; any may be empty."""
    for number, concept in enumerate(concepts):
        suffix = str(number or "")
        yield f"{root}.v.c{suffix}", concept.code
        yield f"{root}.v.cs{suffix}", concept.system
        yield f"{root}.v.dn{suffix}", concept.name


_NOTHING_ASKED: Final = Wording(
    en=f"the request has neither a code, {CRITERIA}.v.c, nor words, {CRITERIA}.v.dn.",
    es=f"la solicitud no tiene ni un código, {CRITERIA}.v.c, ni palabras, {CRITERIA}.v.dn.",
)
_TOO_LONG: Final = Wording(
    en="the value of {parameter} is longer than {most} characters.",
    es="el valor de {parameter} tiene más de {most} caracteres.",
)
_CONTROL: Final = Wording(
    en="the value of {parameter} has control characters.",
    es="el valor de {parameter} tiene caracteres de control.",
)
_TWO_VALUES: Final = Wording(en="{parameter} has two values.", es="{parameter} tiene dos valores.")
_TOO_MANY: Final = Wording(
    en="{parameter} comes more than {most} times.", es="{parameter} aparece más de {most} veces."
)
_TOO_MANY_SEARCHED: Final = Wording(
    en="{parameter} comes more than {most} times without a code.",
    es="{parameter} aparece más de {most} veces sin un código.",
)
_NO_SYSTEM: Final = Wording(
    en="the code has no code system: {parameter} is missing.",
    es="el código no tiene sistema de codificación: falta {parameter}.",
)
_NO_OWN_SYSTEM: Final = Wording(
    en="code {number} has no code system: each code needs its own {parameter}.",
    es="el código {number} no tiene sistema de codificación: cada código necesita su propio {parameter}.",
)
_NOT_ONE_OF: Final = Wording(
    en="{parameter} must be one of {possible}.", es="{parameter} debe ser uno de estos valores: {possible}."
)
_NOT_A_NAME: Final = Wording(
    en="{parameter} must match {pattern}.", es="{parameter} debe tener la forma {pattern}."
)

_STEP: Final = re.compile(r"([A-Za-z]{1,40})([0-9]{0,4})")
_SHORT: Final[Mapping[str, str]] = {
    "value": "v",
    "code": "c",
    "codesystem": "cs",
    "codesystemname": "csn",
    "displayname": "dn",
    "originaltext": "ot",
}
_CONCEPTS: Final[Mapping[str, str]] = {name.lower(): name for name in (CRITERIA, SUBTOPIC)}
_SINGLE: Final[Mapping[str, str]] = {
    name.lower(): name for name in (RECIPIENT, LANGUAGE, RESPONSE_TYPE, CALLBACK)
}
_CALLBACK: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,63}")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold (§2.2), and DEL."""
_ALIASES: Final[Mapping[str, str]] = {
    "sp": "es",
    "spa": "es",
    "spanish": "es",
    "español": "es",
    "eng": "en",
    "english": "en",
}
"""Names of languages that clients of MedlinePlus Connect send beside `en` and `es`."""


class _Reading:
    """Sorts the parameters of a request, and collects what is wrong."""

    def __init__(self, pairs: Pairs) -> None:
        self.faults: list[RequestFault] = []
        self._single: dict[str, str] = {}
        self._concepts: dict[tuple[str, int, int], dict[str, str]] = defaultdict(dict)
        """By root, number, and how often the same parameter came before."""
        for name, value in pairs:
            self._sort(name, " ".join(value.split()))

    def refuse(
        self, parameter: str, detail: Wording, possible: Collection[str] = (), **values: object
    ) -> None:
        filled = detail.filled(parameter=parameter, possible=", ".join(possible), **values)
        self.faults.append(RequestFault(parameter, filled, tuple(possible)))

    def _sort(self, name: str, value: str) -> None:
        path, number = _split(name)
        root, _, field = path.partition(".v.")
        single = _SINGLE.get(path)
        if not value or not (single or (root in _CONCEPTS and field in ("c", "cs", "csn", "dn", "ot"))):
            return
        if len(value) > LONGEST:
            self.refuse(name, _TOO_LONG, most=LONGEST)
        elif _UNWRITABLE.search(value):
            self.refuse(name, _CONTROL)
        elif single:
            if self._single.setdefault(single, value) != value:
                self.refuse(single, _TWO_VALUES)
        else:
            repeat = 0
            while field in self._concepts[root, number, repeat]:
                repeat += 1
            self._concepts[root, number, repeat][field] = value

    def concepts(self, root: str, *, needs_system: bool) -> Iterator[Concept]:
        """Yield the instances of a concept in the order of their numbers."""
        found = sorted((key[1:], values) for key, values in self._concepts.items() if key[0] == root.lower())
        if len(found) > MOST_CONCEPTS:
            self.refuse(root, _TOO_MANY, most=MOST_CONCEPTS)
            return
        for (number, repeat), values in found:
            code = values.get("c", "")
            system = values.get("cs") or values.get("csn", "")
            name = values.get("dn") or values.get("ot", "")
            if code and not system and needs_system and not name:
                missing = f"{root}.v.cs{number or ''}"
                self.refuse(missing, _NO_OWN_SYSTEM if repeat else _NO_SYSTEM, number=repeat + 1)
            elif code or name:
                yield Concept(code, system, name)

    def language(self, languages: Sequence[str]) -> str:
        """Return the language of the release that is asked for; empty if there is none."""
        asked = self._single.get(LANGUAGE, "")
        found = match_language(asked, languages)
        if asked and not found:
            self.refuse(LANGUAGE, _NOT_ONE_OF, languages)
        return found

    def choice(self, parameter: str, values: Collection[str]) -> str:
        """Return the value of a parameter in its usual case; empty if it is absent or wrong."""
        # A plus sign that the sender did not encode has become a space: `application/atom xml`.
        asked = self._single.get(parameter, "").lower().replace(" ", "+")
        found = next((each for each in values if each.lower() == asked), "")
        if asked and not found:
            self.refuse(parameter, _NOT_ONE_OF, values)
        return found

    def callback(self) -> str:
        """Return the name of the function that JSONP calls."""
        name = self._single.get(CALLBACK, "")
        if name and not _CALLBACK.fullmatch(name):
            self.refuse(CALLBACK, _NOT_A_NAME, pattern=_CALLBACK.pattern)
            return ""
        return name


def _split(name: str) -> tuple[str, int]:
    """Return the path of a parameter in lower case and short form, and the number of its instance."""
    steps: list[str] = []
    number = ""
    for step in name.split("."):
        named = _STEP.fullmatch(step)
        if named is None:
            return "", 0
        word = named[1].lower()
        steps.append(_SHORT.get(word, word))
        number = number or named[2]
    return ".".join(steps), int(number or 0)
