"""What an edition says about itself."""

from collections.abc import Iterator

from healthtopics.formats.account import Fact
from healthtopics.language import SOURCE
from healthtopics.topic import Attribution, Callout, LocalizedTerm, Text, texts_in
from healthtopics.validation.facts.subject import Subject, even, name_in, with_address


def read_edition(of: Subject) -> Iterator[Fact]:
    """Yield what an edition says about itself: its names, kind, codes, terms, reviews and sections."""
    topic, edition = of.topic, of.edition
    title = topic.title.value
    description = [topic.description.value] if topic.description else []
    identity = f"{topic.id}-{topic.language}"
    names = dict.fromkeys(each.value for each in topic.also_called)
    names.pop(title, None)
    for what, values in (
        ("the title", [title]),
        ("the description", description),
        ("the title and the description", [title, *description]),
        ("the language of the subject's name", [topic.title.language]),
        ("the canonical address and name", _canonical(of)),
        ("the other names", [each.value for each in topic.also_called]),
        ("all names", list(names)),
        ("the id of the edition", [identity, identity]),
        ("the identifier of the edition", [of.identity(topic.language)]),
        ("the address of the page", [edition.card.page]),
        ("the date of the edition", [of.updated]),
        ("the date of the first edition", [*filter(None, [of.created])]),
        ("the positions of the parts", _positions(of)),
        (
            "the addresses in the text",
            list(dict.fromkeys([*of.in_text, *(each.url for each in topic.other_languages)])),
        ),
        (
            "the site",
            [f"{edition.base_url}/{topic.language} {topic.language} {of.label('parts', 'home')}"],
        ),
        ("the parts of the document", _parts(of)),
    ):
        yield Fact(what, tuple(map(even, values)))
    yield from _kinds(of)
    yield from _codes(of)
    yield from _terms(of)
    yield from _reviews(of)
    yield from _texts(of)
    yield from _editions(of)
    for term in edition.terms["organizations"].values():
        yield _organization(of, term)


def _canonical(of: Subject) -> list[str]:
    name = "".join(word.capitalize() for word in of.topic.id.split("-"))
    is_name = name[0].isalpha() and len(name) > 1
    address = f"{of.edition.base_url}/fhir/Composition/{of.topic.id}-{of.language}"
    return [address, name if is_name else f"Topic{name}"]


def _positions(of: Subject) -> list[str]:
    callouts = sum(len(section.callouts) for section in of.sections.values())
    count = len(of.sections) + callouts + len(of.groups)
    return [str(position) for position in range(1, count + 1)]


def _parts(of: Subject) -> list[str]:
    topic = of.topic
    shown = {
        "also-called": topic.also_called,
        "summary": [each for each in of.sections.values() if each.is_shown],
        "related-topics": [*filter(None, map(of.related_page, topic.related_topics))],
        "primary-institute": topic.primary_institute,
        "other-languages": topic.other_languages,
        "sources": topic.sources,
        "about": True,
    }
    return [f"{key}: {of.label('parts', key)}" for key, content in shown.items() if content]


def _kinds(of: Subject) -> Iterator[Fact]:
    topic = of.topic
    kind = of.edition.term("kinds", topic.kind)
    groups = [of.label("groups", key) for key in topic.groups]
    document = of.label("content-types", "health-topic")
    labels = (document, document, even(kind.label.value), *groups)
    yield Fact("what kind of document it is", labels)
    yield Fact("the codes of its kind and groups", ("health-topic", topic.kind, *topic.groups))
    yield Fact("the kind", (kind.facts["schemaType"],))
    yield Fact("the groups", tuple(groups))


def _codes(of: Subject) -> Iterator[Fact]:
    codes = [(code, of.edition.term("code-systems", code.system).facts) for code in of.topic.codes]
    for name in ("system", "codingSystem"):
        yield Fact(
            "the codes with their displays",
            tuple(f"{facts.get(name)} {code.code} {code.display}" for code, facts in codes),
        )
    addresses = tuple(facts.get("iri", "").replace("{code}", code.code) for code, facts in codes)
    yield Fact("the addresses of the codes", addresses)
    pairs = (
        f"{facts.get('codingSystem')} {code.code}{each.code} {code.display}/{each.display} "
        + facts.get("iri", "").replace("{code}", code.code + each.code)
        for code, facts in codes
        for each in code.qualifiers
    )
    yield Fact("the pairs of codes and qualifiers", tuple(pairs))
    headings = (
        "/".join([code.display, *(each.display for each in code.qualifiers)])
        for code, _ in codes
        if code.qualifiers
    )
    yield Fact("the qualified headings", tuple(headings))


def _terms(of: Subject) -> Iterator[Fact]:
    topic, edition = of.topic, of.edition
    publisher, data = edition.publisher, edition.data_publisher
    yield Fact("the publisher", (of.reference(publisher, of.language),))
    yield Fact("the publisher's name and address", (with_address(publisher),))
    yield Fact("the publisher of the data", (with_address(data),))
    identifiers = [("health-topic", topic.id)]
    identifiers += [
        (each.system, each.value) for each in topic.identifiers if each.language in (None, topic.language)
    ]
    base = f"{edition.base_url}/fhir/NamingSystem/"
    yield Fact("the identifiers", tuple(f"{base}{system} {value}" for system, value in identifiers))
    licence = edition.term("licences", topic.licence) if topic.licence else None
    yield Fact("the licence of the data", (licence.url,) if licence and licence.url else ())
    for what, term in (
        ("the licence", licence),
        ("the disclaimer", edition.term("notices", topic.disclaimer) if topic.disclaimer else None),
        (
            "the quality criteria",
            edition.term("notices", topic.quality_criteria) if topic.quality_criteria else None,
        ),
    ):
        yield Fact(what, (term.url or _said(term.label, term.text),) if term else ())


def _reviews(of: Subject) -> Iterator[Fact]:
    review = of.review
    yield Fact("the reviews", (f"{review.by} {review.date}",) if review else ())
    about = [of.definition("published-by", [of.edition.publisher.label], of.edition.publisher.url)]
    if review:
        about.append(of.definition("reviewed-by", [Text(f"{review.by} ({review.date})")]))
    corrections = of.topic.dates.corrections
    about += [of.definition("correction", [Text(f"{each.what.value} ({each.date})")]) for each in corrections]
    said = (f"{each.date} {each.what.value} {each.what.language}" for each in corrections)
    yield Fact("the corrections", tuple(said))
    about += of.notices(has_text=True)
    yield Fact("the facts about the page", tuple(about))


def _texts(of: Subject) -> Iterator[Fact]:
    """Yield what programs read of each section and callout beside its text."""
    parts: list[tuple[str, ...]] = []
    subject = f"{of.edition.base_url}/topics/{of.topic.id}#subject"
    for section in of.topic.sections:
        account = of.sections[section.id]
        term = of.edition.term("aspects", section.aspect)
        texts = [each for each in section.body if not isinstance(each, (Attribution, Callout))]
        has_text = any(each.kind != "attribution" for each in account.passages)
        aspect = _aspect(term.facts.get("healthAspect") if has_text else "")
        heading = section.heading or term.label
        is_all_own = not account.languages and heading.language == of.language
        spoken = of.language if is_all_own else _spoken([heading, texts])
        parts.append((section.id, spoken, "", "", aspect, subject))
        for (key, each), said in zip(section.callouts.items(), account.callouts, strict=True):
            parts.append((key, _spoken(each), said.urgency, said.label, _aspect("SeeDoctor"), subject))
    yield Fact("the aspects of the sections", tuple(_aspects(of)))
    yield Fact("the parts of the text, for programs", tuple(parts))


def _aspects(of: Subject) -> Iterator[str]:
    for section in of.topic.sections:
        if of.sections[section.id].is_shown:
            yield f"{section.id}: {section.aspect}"


def _editions(of: Subject) -> Iterator[Fact]:
    cards = of.edition.editions
    pages = [f"{language} {card.page}" for language, card in cards.items()]
    everywhere = f"x-default {of.edition.base_url}/topics/{of.topic.id}"
    yield Fact("the editions", (*pages, everywhere))
    lines = {language: (card.title, card.page, language, "", "") for language, card in cards.items()}
    is_source = of.language == SOURCE
    others = [line for language, line in lines.items() if language != SOURCE and is_source]
    yield Fact("the other editions (workTranslation)", tuple(others))
    transformed = [f"transforms {of.identity(SOURCE)}"] if SOURCE in cards and not is_source else []
    yield Fact("the other editions, by identifier", tuple(transformed))
    if is_source:
        into = [f"transformed-into {of.identity(each)}" for each in cards if each != SOURCE]
        yield Fact("the other editions, by identifier", tuple(into))
    original = [lines[SOURCE]] if SOURCE in lines and not is_source else []
    yield Fact("the other editions (translationOfWork)", tuple(original))


def _organization(of: Subject, term: LocalizedTerm) -> Fact:
    name = even(name_in(term, SOURCE))
    parent = of.edition.terms["organizations"].get(term.facts.get("parent", ""))
    whole = of.reference(parent, SOURCE) if parent else ""
    others = [f"{language} {label}" for language, label in term.labels.items() if language != SOURCE]
    return Fact(f"the organization {term.id!r}", (name, name, term.url, term.url, whole, *others))


def _spoken(texts: object) -> str:
    return " ".join(sorted({text.language for text in texts_in(texts)}))


def _aspect(name: str | None) -> str:
    return f"https://schema.org/{name}HealthAspect" if name else ""


def _said(label: Text, text: Text | None) -> str:
    return f"{label.value} {text.value if text else ''}".rstrip()
