"""Relative addresses of files, and where links in pages of topics lead then."""

import pytest

from healthtopics.website.addresses import SitePage
from healthtopics.website.files import FileAddresses
from healthtopics.website.relinking import relink

BASE = "https://topics.example/health"
FILES = {
    "": "index.html",
    "es": "es/index.html",
    "es/asthma": "es/asthma.html",
    "en/asthma": "en/asthma.html",
    "es/letters/Ñ": "es/letters/Ñ.html",
    "topics.json": "topics.json",
}
IN_SPANISH = FileAddresses("es", BASE, FILES)


@pytest.mark.parametrize(
    ("folder", "page", "address"),
    [
        ("", SitePage("es"), "es/index.html"),
        ("es", SitePage("es"), "index.html"),
        ("es/letters", SitePage("es"), "../index.html"),
        ("es/letters", SitePage("en", "letters"), "../../en/letters.html"),
        ("es/letters", SitePage("es", "letters", "A", 2), "A_2.html"),
        ("es", SitePage("es", "letters", "Ñ"), "letters/%C3%91.html"),
        ("es", SitePage("es", "letters", "#"), "letters/0.html"),
        ("es", SitePage("es", "search", query="tos"), "search.html"),
    ],
)
def test_a_page_is_a_file(folder: str, page: SitePage, address: str) -> None:
    assert FileAddresses(folder, BASE, FILES).page(page) == address


def test_what_is_not_in_the_folder() -> None:
    assert IN_SPANISH.topic("es", "asthma") == "asthma.html"
    assert IN_SPANISH.topic("es", "cough") == f"{BASE}/es/cough"
    assert IN_SPANISH.service("topics.json") == "../topics.json"
    assert IN_SPANISH.service("docs") == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/es/asthma", "asthma.html"),
        ("/es/asthma#causes", "asthma.html#causes"),
        ("/en/asthma", "../en/asthma.html"),
        ("/es", "index.html"),
        ("/es/", "index.html"),
        ("", "../index.html"),
        ("/", "../index.html"),
        ("/es/letters/%C3%91", "letters/%C3%91.html"),
        ("/topics.json", "../topics.json"),
    ],
)
def test_links_lead_to_files(before: str, after: str) -> None:
    for link in ('<a class="x" href="{}">', '<form method="get" action="{}">'):
        assert (
            relink(link.format(BASE + before).encode(), BASE, IN_SPANISH.found) == link.format(after).encode()
        )


@pytest.mark.parametrize(
    "text",
    [
        f'<link rel="canonical" href="{BASE}/es/asthma" />',
        f'<meta property="og:url" content="{BASE}/es/asthma" />',
        f'{{"@id": "{BASE}/es/asthma"}}',
        f'<a href="{BASE}/es/nothing">',
        f'<a href="{BASE}y/es/asthma">',
        f'<a href="{BASE}/es/asthma?lang=es">',
        '<a href="#causes">',
        '<a href="https://www.example.org/?a=1&amp;b=2">',
        f"<p>{BASE}/es/asthma</p>",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert relink(text.encode(), BASE, IN_SPANISH.found) == text.encode()
