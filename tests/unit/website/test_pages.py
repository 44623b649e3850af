"""The pages around the topics, as the service answers with them."""

import gzip
import re
from dataclasses import replace
from typing import Any, Final

import pytest
from lxml import html
from markupsafe import Markup

from healthtopics.delivery.message import Request, Response, Wording, problem
from healthtopics.delivery.problem_details import write_problem
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from healthtopics.index import rows
from healthtopics.index.listing import count_letters
from healthtopics.release import read_artifact
from healthtopics.website.addresses import RESERVED, ServedAddresses, SitePage, path_of
from healthtopics.website.assets import ASSETS, asset
from healthtopics.website.errors import PageError, render_error
from healthtopics.website.framed import FramedText, render_framed
from healthtopics.website.table import pages_of, render
from support.indexes import RELEASE, bundled_index, bundled_release, written
from support.lists import bundled, changed, many, site_of

PAGES: Final = list(pages_of(bundled_index()))
HTML: Final = {"accept": "text/html"}


def ask(target: str, site: Site | None = None, **headers: str) -> Response:
    path, _, query = target.partition("?")
    named = {**HTML, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return respond(Request("GET", path, named, query), site or bundled())


def tree_of(body: bytes) -> Any:
    return html.document_fromstring(body.decode())


def page_at(target: str, site: Site | None = None, status: int = 200, **headers: str) -> Any:
    response = ask(target, site, **headers)
    assert response.status == status, response.body
    return tree_of(response.body)


def words_of(tree: Any) -> str:
    return " ".join(tree.find(".//main").text_content().split())


@pytest.mark.parametrize("page", PAGES, ids=path_of)
def test_every_page_is_at_its_address_with_a_heading_and_its_language(
    page: SitePage,
) -> None:
    tree = page_at(f"/{path_of(page)}")
    assert tree.get("lang") == page.language
    (heading,) = tree.xpath("//h1")
    assert heading.text_content().strip()
    assert tree.xpath("string(//title)").startswith(heading.text_content().strip())
    canonical = f"https://healthtopics.example.org/{path_of(page)}"
    if page.kind != "search":
        assert tree.xpath("string(//link[@rel='canonical']/@href)") == canonical
        assert tree.xpath("string(//meta[@property='og:url']/@content)") == canonical
    assert all(tree.xpath(f"//{each}") for each in ("header", "main", "footer"))
    assert bool(tree.xpath("//nav[@class='crumbs']")) is (page.kind != "front")
    languages = tree.xpath("//nav[@class='languages']//li")
    assert [each.text_content() for each in languages] == ["English", "Español"]
    assert len(tree.xpath("//*[@id]")) == len(set(tree.xpath("//@id")))


@pytest.mark.parametrize("page", PAGES, ids=path_of)
def test_no_page_has_a_script_or_a_style_in_itself(page: SitePage) -> None:
    response = ask(f"/{path_of(page)}")
    tree = tree_of(response.body)
    assert not tree.xpath("//style | //script[not(@src)] | //@style | //@*[starts-with(name(), 'on')]")
    policy = dict(response.headers)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("page", [each for each in PAGES if each.language == "es"], ids=path_of)
def test_a_page_in_spanish_has_no_english_but_names(page: SitePage) -> None:
    tree = page_at(f"/{path_of(page)}")
    english = {each.text_content().strip() for each in tree.xpath("//*[@lang='en']")}
    assert english <= {"English", "Health Topics Project"}


def test_words_without_a_translation_are_in_english_and_say_so() -> None:
    blank = dict.fromkeys(rows.EditionRow._fields, "")
    edition = rows.EditionRow(
        **{**blank, "topic": "asthma", "language": "fr", "title": "Asthme", "letter": "A"}
    )
    release = RELEASE._replace(languages='["en","fr"]')
    site = site_of(written(release, [rows.TopicRow("asthma", "condition"), edition]))
    tree = page_at("/fr/letters", site)
    assert tree.xpath("string(//h1/span[@lang='en'])") == "Topics A to Z"
    assert tree.xpath("string(//title/@lang)") == "en"
    assert tree.xpath("string(//ul[@class='titles']//a)") == "Asthme"
    assert not tree.xpath("//ul[@class='titles']//*[@lang]")


@pytest.mark.parametrize(("accepted", "language"), [("es-MX", "es"), ("en", "en"), ("fr", "en"), ("", "en")])
def test_the_address_without_language_has_the_front_page_in_that_of_the_reader(
    accepted: str, language: str
) -> None:
    response = ask("/", accept_language=accepted)
    assert tree_of(response.body).get("lang") == language
    fields = dict(response.headers)
    assert fields["Content-Location"] == f"/{language}"
    assert "Accept-Language" in fields["Vary"]


def test_the_front_page_leads_to_search_letters_groups_languages_and_what_is_new() -> None:
    tree = page_at("/es")
    (form,) = tree.xpath("//main//form")
    assert (form.get("action"), form.get("method")) == ("/es/search", "get")
    assert [each.text for each in tree.xpath("//ul[@class='letters']//a")] == ["A", "D"]
    groups = tree.xpath("//section[@aria-labelledby='groups']//a")
    assert "Embarazo y reproducción" in [each.text_content() for each in groups]
    new = tree.xpath("//ul[@class='dated']/li")
    assert "30 de noviembre de 2026" in new[0].text_content()
    assert "911" in tree.xpath("string(//footer)")
    assert tree.xpath("//footer//a[@href='tel:911']")
    assert tree.xpath("//footer//a[starts-with(@href, 'mailto:')]")
    assert "Este sitio es una prueba" in tree.xpath("string(//aside)")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ('["112"]', "In an emergency, call 112."),
        ('["112","999"]', "In an emergency, call 112 or 999."),
        ('["112","999","911"]', "In an emergency, call 112, 999 or 911."),
    ],
)
def test_any_of_several_emergency_numbers_may_be_called(numbers: str, said: str) -> None:
    tree = page_at("/en", site_of(written(RELEASE._replace(emergency_numbers=numbers))))
    (line,) = tree.xpath("//footer//p[@class='emergency']")
    assert line.text_content() == said
    assert [each.text for each in line.iter("a")] == re.findall(r"\d+", numbers)


def test_without_groups_their_page_says_so_and_leads_to_the_list() -> None:
    tree = page_at("/en/groups", site_of(written()))
    assert words_of(tree) == "Topics by group The topics are not in groups. Topics A to Z"


def test_a_front_page_of_a_thousand_topics_is_small() -> None:
    blank = dict.fromkeys(rows.EditionRow._fields, "")
    given: list[rows.Row] = [
        rows.GroupRow(f"group-{number}", "en", number, f"Group {number}") for number in range(50)
    ]
    for number in range(1000):
        topic, letter = f"topic-{number}", chr(ord("A") + number % 26)
        edition = {"topic": topic, "language": "en", "title": f"{letter} {number}", "letter": letter}
        given += [rows.TopicRow(topic, "condition"), rows.EditionRow(**{**blank, **edition})]
        given += [rows.TopicGroupRow(topic, 1, f"group-{number % 50}")]
    tree = page_at("/en", site := site_of(written(rows=given)))
    assert len(tree.xpath("//ul[@class='letters']//a")) == 26
    assert len(tree.xpath("//section[@aria-labelledby='groups']//a")) == 50
    # Of 100 kB; what the page loads is measured as well.
    loaded = [ask("/en", site).body, *(asset(name).content for name in ASSETS)]
    assert sum(len(gzip.compress(each)) for each in loaded) < 20_000


def test_a_long_list_comes_in_pages_that_have_every_topic_once() -> None:
    site, total = many(), many().index.edition_counts["en"]
    found, address, pages = list[str](), "/en/letters", 0
    while address:
        tree = page_at(address, site)
        found += tree.xpath("//ul[@class='titles']//a/@href")
        address = tree.xpath("string(//a[@rel='next']/@href)")
        pages += 1
    assert pages == -(-total // 100) > 1
    assert len(found) == len(set(found)) == total
    assert ask(f"/en/letters?page={pages + 1}", site).status == 404
    assert ask("/en/letters?page=0", site).status == 400


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_letter_leads_to_the_titles_that_begin_with_it(language: str) -> None:
    site = many()
    for letter in count_letters(site.index, language):
        page = SitePage(language, "letters", letter.letter)
        tree = page_at(f"/{path_of(page).replace('%C3%91', 'Ñ')}", site)
        assert tree.xpath("string(//a[@aria-current='page'])") == letter.letter
        assert len(tree.xpath("//ul[@class='titles']//a")) == min(letter.titles, 100)


def test_from_a_group_that_a_language_lacks_its_link_leads_to_all_groups() -> None:
    blank = dict.fromkeys(rows.EditionRow._fields, "")
    given: list[rows.Row] = [rows.GroupRow("lungs", "en", 0, "Lungs"), rows.GroupRow("skin", "en", 1, "Skin")]
    for topic, group, languages in (("asthma", "lungs", ("en",)), ("eczema", "skin", ("en", "es"))):
        given += [rows.TopicRow(topic, "condition"), rows.TopicGroupRow(topic, 1, group)]
        for language in languages:
            edition = {"topic": topic, "language": language, "title": topic, "letter": topic[0].upper()}
            given += [rows.EditionRow(**{**blank, **edition})]
    site = site_of(written(rows=given))
    for group, address in (("lungs", "/es/groups"), ("skin", "/es/groups/skin")):
        tree = page_at(f"/en/groups/{group}", site)
        assert tree.xpath("//nav[@class='languages']//a/@href") == [address]
        assert tree.xpath("string(//link[@hreflang='es']/@href)").endswith(address)
        assert ask(address, site).status == 200


@pytest.mark.parametrize(
    "target",
    ["/en/letters/%E2%82%AC", "/en/groups/nothing", "/fr/letters", "/en/new?page=2", "/en/search?q=a&page=9"],
)
def test_what_no_page_has_is_not_found(target: str) -> None:
    assert ask(target).status == 404


def test_a_language_in_other_letters_leads_to_the_page() -> None:
    response = ask("/ES/letters/A")
    assert (response.status, dict(response.headers)["Location"]) == (308, "/es/letters/A")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("aborto", "Temas encontrados:"),
        ("abroto", "Se muestran los resultados de “aborto”."),
        ("aborto jirafa", "Ningún tema tiene todas estas palabras."),
        ("xyzzyq", "No se encontró ningún tema. Qué puede hacer: Revise la ortografía."),
    ],
)
def test_a_search_says_what_it_found_and_helps_where_it_did_not(query: str, said: str) -> None:
    response = ask(f"/es/search?q={query.replace(' ', '+')}")
    assert said in words_of(tree_of(response.body))
    assert response.is_private
    assert dict(response.headers)["Cache-Control"] == "private, max-age=60"


def test_what_was_searched_for_is_shown_as_text() -> None:
    tree = page_at("/en/search?q=%3Cscript%3E%22%7Bwords%7D")
    assert tree.xpath("string(//h1)") == 'Search results for “<script>"{words}”'
    assert tree.xpath("string(//input/@value)") == '<script>"{words}'
    assert not tree.xpath("//script[not(@src)]")


def test_results_mark_the_words_and_come_in_pages() -> None:
    tree = page_at("/es/search?q=aborto")
    assert "aborto" in {each.text.lower() for each in tree.xpath("//mark")}
    total = re.search(r"Topics found: (\d+)", words_of(page_at("/en/search?q=pain", many())))
    assert total
    assert int(total[1]) > 20
    second = page_at("/en/search?q=pain&page=2", many())
    assert second.xpath("string(//ol[@class='described']/@start)") == "21"
    assert second.xpath("string(//a[@rel='prev']/@href)") == "/en/search?q=pain"


@pytest.mark.parametrize(
    ("target", "status", "language", "heading"),
    [
        ("/es/miscariage", 404, "es", "No se encontró la página"),
        ("/no/such/page", 404, "en", "Page not found"),
        ("/es/letters?page=x", 400, "es", "Esta dirección no funciona"),
        ("/topics/miscarriage?lang=xx", 400, "en", "This address does not work"),
    ],
)
def test_an_error_has_the_frame_of_the_site(target: str, status: int, language: str, heading: str) -> None:
    tree = page_at(target, status=status)
    assert tree.get("lang") == language
    assert tree.xpath("string(//h1)") == heading
    assert all(tree.xpath(f"//{each}") for each in ("main//form", "footer"))
    assert tree.xpath("string(//meta[@name='robots']/@content)") == "noindex"


def test_a_page_that_is_not_there_says_so_in_plain_words_and_leads_on() -> None:
    tree = page_at("/es/miscariage", status=404)
    said = words_of(tree)
    assert "No hay ninguna página en esta dirección." in said
    assert "miscariage" not in said
    links = [(each.get("href"), each.text_content()) for each in tree.xpath("//main//ul//a")]
    assert links[0] == ("/es/miscarriage", "Aborto espontáneo")
    assert [address for address, _ in links[-3:]] == ["/es/letters", "/es/groups", "/es"]
    assert not any("/" in label or "-" in label for _, label in links)


def test_a_topic_in_another_language_only_is_named_in_its_language() -> None:
    blank = dict.fromkeys(rows.EditionRow._fields, "")
    edition = {"topic": "asthma", "language": "en", "title": "Asthma", "letter": "A"}
    artifact = rows.ArtifactRow("html/en/asthma.html", "0" * 64, 1, "text/html", "asthma", "en", "html", "")
    given: list[rows.Row] = [
        rows.TopicRow("asthma", "condition"),
        rows.EditionRow(**{**blank, **edition}),
        artifact,
    ]
    tree = page_at("/es/asthma", site_of(written(rows=given)), status=404)
    (link, *_) = tree.xpath("//main//ul//a")
    assert (link.get("href"), link.text_content()) == ("/en/asthma", "Asthma")
    assert link.xpath("string(span/@lang)") == "en"
    assert link.getparent().text_content() == "Asthma (en)"


def test_a_withdrawn_topic_says_so_with_the_day_as_readers_write_it() -> None:
    tree = page_at("/en/gone", changed(), status=410)
    assert tree.xpath("string(//h1)") == "This page was withdrawn"
    assert "The topic “Ido” was withdrawn on " in words_of(tree)
    days = tree_of(
        render_error(
            bundled_index(),
            ServedAddresses(),
            "es",
            PageError(410, "", "", "es", titles={"es": "Ido"}, withdrawn="2026-11-30T10:00:00Z"),
        )
    )
    assert "El tema “Ido” se retiró el 30 de noviembre de 2026." in words_of(days)
    assert tree.xpath("//main//a[@href='/en/letters']")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "Algo salió mal El error es nuestro, no suyo. Vuelva a intentarlo en unos minutos."),
        (503, "No está disponible en este momento El sitio se está actualizando o tiene muchas visitas."),
    ],
)
def test_a_failure_says_that_it_is_not_the_readers_and_not_what_it_is(status: int, said: str) -> None:
    failure = problem(status, Wording(en="a worker is damaged.", es="un proceso está dañado."))
    response = write_problem(failure, Request("GET", "/es/miscarriage", HTML), bundled())
    assert (response.status, dict(response.headers)["Content-Language"]) == (status, "es")
    tree = tree_of(response.body)
    assert words_of(tree).startswith(said)
    assert "dañado" not in words_of(tree)
    assert tree.xpath("//main//a/@href") == ["/es"]
    assert not tree.xpath("//main//form")


def test_without_a_release_a_page_says_why() -> None:
    response = respond(Request("GET", "/es", HTML), None)
    tree = tree_of(response.body)
    assert response.status == 503
    assert (tree.get("lang"), tree.xpath("string(//h1)")) == ("es", "Servicio no disponible")


def test_the_page_of_a_topic_of_a_trial_leads_to_where_it_is_served() -> None:
    store, manifest = bundled_release()
    site = replace(bundled(), objects=store)
    base, name = site.base_url, "html/es/miscarriage.html"
    tree = page_at("/es/miscarriage", site)
    assert tree.xpath("//form/@action") == ["/es/search"]
    assert tree.xpath("//p[@class='name']/a/@href") == ["/es"]
    assert tree.xpath("//nav[@class='languages']//a/@href") == ["/en/miscarriage", "/es/miscarriage"]
    assert tree.xpath("string(//link[@rel='canonical']/@href)") == f"{base}/es/miscarriage"
    assert "form-action 'self'" in dict(ask("/es/miscarriage", site).headers)["Content-Security-Policy"]
    for address in tree.xpath("//header//a/@href | //nav//a/@href"):
        if address.startswith("/"):
            assert ask(address, site).status == 200
    artifact = read_artifact(store, name, manifest.files[name])
    assert f'action="{base}/es/search"'.encode() in artifact
    assert dict(ask(f"/{name}", site).headers)["Content-Length"] == str(len(artifact))


@pytest.mark.parametrize("name", ASSETS)
def test_an_asset_never_changes_at_its_address(name: str) -> None:
    response = ask(f"/assets/{asset(name).address}")
    fields = dict(response.headers)
    assert (response.status, response.body) == (200, asset(name).content)
    assert fields["Content-Type"] == asset(name).media_type
    assert "immutable" in fields["Cache-Control"]
    stem, suffix = name.split(".")
    assert ask(f"/assets/{stem}.{'0' * 16}.{suffix}").status == 404


def test_browsers_find_the_icon() -> None:
    assert dict(ask("/favicon.ico").headers)["Content-Type"] == "image/svg+xml"


def test_a_base_url_with_a_path_is_in_every_address() -> None:
    content = render(bundled_index(), ServedAddresses("/health"), SitePage("en"))
    tree = tree_of(content or b"")
    paths = [each for each in tree.xpath("//@href | //@src | //@action") if each.startswith("/")]
    assert paths
    assert all(each.startswith("/health/") for each in paths)


def test_kinds_of_pages_cannot_be_ids_of_topics() -> None:
    assert {page.kind for page in PAGES} - {"front"} | {"index"} == RESERVED


def test_a_text_in_another_language_than_the_site_says_so_in_a_frame_in_english() -> None:
    index = written(RELEASE._replace(languages='["en"]'))
    paths = {"en": "docs/en", "es": "docs/es"}
    text = FramedText("Guía", Markup("<h1>Guía</h1>"), "es", paths, above="partners")
    tree = tree_of(render_framed(index, ServedAddresses(), text))
    assert tree.get("lang") == "en"
    assert tree.xpath("string(//title/@lang)") == tree.xpath("string(//main/div/@lang)") == "es"
    assert tree.xpath("//nav[@class='languages']//a/@href") == ["/docs/en"]
    assert tree.xpath("string(//nav[@class='crumbs']//a/@href)") == "/en"
