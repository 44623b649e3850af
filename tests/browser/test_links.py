"""Every link of every page leads somewhere: in files, at the service, and where nginx serves the files."""

import re
from pathlib import Path
from typing import Final

import httpx
import pytest

from support import nginx
from support.crawling import Crawl, crawl, from_files, from_host
from support.samples import TOPICS
from support.sites import RIGHT_TO_LEFT
from support.workspaces import Workspace

LANGUAGES: Final = ("en", "es", RIGHT_TO_LEFT)
NOT_FOUND: Final = {"en": "Page not found", "es": "No se encontró la página"}


def test_of_files(published: Workspace, folder: Path) -> None:
    start = (folder / "index.html").as_uri()
    seen = crawl(start, from_files, lambda url: url.startswith(folder.as_uri()))
    assert sorted(seen.broken) == []
    pages = {path.as_uri() for language in LANGUAGES for path in (folder / language).rglob("*.html")}
    assert seen.pages.keys() == {start, *pages}
    assert {folder.joinpath(language, f"{topic}.html") for topic in TOPICS for language in LANGUAGES} <= {
        path for language in LANGUAGES for path in (folder / language).glob("*.html")
    }
    # Only what the head says of a page is absolute: it is the canonical address.
    base = published.current().manifest.base_url
    for page in seen.pages.values():
        assert [each for each in page.xpath("//body//@href | //@src") if str(each).startswith(base)] == []
        assert all(each.startswith(f"{base}/") for each in page.xpath("//link[@rel='canonical']/@href"))


def test_of_the_service(published: Workspace, service: str) -> None:
    check_canonical(of_host(published, service))


@pytest.mark.nginx
def test_of_nginx(published: Workspace, folder: Path, tmp_path: Path) -> None:
    with nginx.serving(published.exports, tmp_path / "nginx", site=folder) as url:
        check_canonical(of_host(published, url))


@pytest.mark.nginx
def test_nginx_says_of_every_page_what_it_may_do_and_has_no_page_twice(
    published: Workspace, folder: Path, tmp_path: Path
) -> None:
    expected = {
        "/en/miscarriage": 200,
        "/en/letters": 200,
        "/en/letters?page=1": 200,
        "/en/letters?page=99": 404,
        "/en/letters/M?page=2": 404,
        "/en/miscarriage?page=99": 200,
        "/en/": 200,
        "/en": 200,
        "/html/en/miscarriage.html": 200,
        "/html/en/nothing.html": 404,
        "/en/nothing": 404,
    }
    with nginx.serving(published.exports, tmp_path / "nginx", site=folder) as url:
        answers = {path: httpx.get(f"{url}{path}", follow_redirects=True) for path in expected}
    assert {path: each.status_code for path, each in answers.items()} == expected
    for path, answer in answers.items():
        policy = answer.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path


@pytest.mark.nginx
@pytest.mark.parametrize(
    ("path", "accepted", "shown"),
    [
        ("/en/nothing", "es", "en"),
        ("/es/nothing", "en", "es"),
        ("/es/letters?page=99", "en", "es"),
        ("/nothing/at/all", "es-MX,es;q=0.9", "es"),
        ("/nothing/at/all", "fr", "en"),
    ],
)
def test_nginx_shows_the_site_s_own_page_where_there_is_nothing(
    published: Workspace, folder: Path, tmp_path: Path, path: str, accepted: str, shown: str
) -> None:
    with (
        nginx.serving(published.exports, tmp_path / "nginx", site=folder) as url,
        httpx.Client(base_url=url, headers={"Accept-Language": accepted}) as client,
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        assert f'<html lang="{shown}"' in answer.text
        assert f"<h1>{NOT_FOUND[shown]}</h1>" in answer.text
        linked = set(re.findall(r'(?:href|src|action)="(/[^"#]*)', answer.text))
        assert f"/{shown}/letters.html" in linked
        assert {each: client.get(each).status_code for each in linked} == dict.fromkeys(linked, 200)
        # Nobody reaches the page by its name, as if it were one of the site.
        assert client.get(f"/404-{shown}.html").status_code == 404


def of_host(published: Workspace, url: str) -> Crawl:
    """Follow all links of a host; it is the one at the base URL, which is only an example."""
    base = published.current().manifest.base_url
    with httpx.Client(timeout=60) as client:
        fetch = from_host(client)
        return crawl(
            f"{url}/",
            lambda address: fetch(address.replace(base, url, 1)),
            # The release is an old one, which /health/ready says.
            lambda address: f"{address}/".startswith((f"{url}/", f"{base}/")) and "/health/" not in address,
        )


def check_canonical(seen: Crawl) -> None:
    assert sorted(seen.broken) == []
    shown = {page.xpath("string(//link[@rel='canonical']/@href)") for page in seen.pages.values()}
    for language in LANGUAGES:
        for topic in TOPICS:
            assert any(each.endswith(f"/{language}/{topic}") for each in shown), (language, topic)
