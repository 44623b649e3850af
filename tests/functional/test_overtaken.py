"""Readers of an edition that is held learn that the English page has changed since."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from healthtopics.index.topics import editions_of
from healthtopics.release import read_artifact
from healthtopics.server.service import Service
from support.serving import client_of
from support.workspaces import Workspace

NOTICE = "Es posible que esta página no esté actualizada"
DATES = "La página en inglés se actualizó el 21 de noviembre de 2026; esta página, el "
HTML = {"Accept": "text/html"}


def _change_english(workspace: Workspace, updated: str) -> None:
    workspace.edit_topic("fever", lambda document: document["dates"].update(updated=updated))
    workspace.edit_catalogue("fever", "Fever", msgstr="")


@pytest.fixture
def overtaken(published: Workspace) -> Workspace:
    """A workspace in which the Spanish page of a topic waits for a translation."""
    before = _spanish(published)
    _change_english(published, "2026-11-21")
    published.publish(at="2026-11-21T06:00:00Z")
    assert _spanish(published) == before
    return published


def _spanish(workspace: Workspace) -> bytes:
    name = "html/es/fever.html"
    return read_artifact(workspace.store, name, workspace.current().manifest.files[name])


@contextmanager
def _readers_of(workspace: Workspace) -> Iterator[httpx.Client]:
    with client_of(Service(workspace.store)) as client:
        client.base_url = workspace.current().manifest.base_url
        yield client


def test_the_service_says_so(overtaken: Workspace) -> None:
    with client_of(Service(overtaken.store)) as client:
        base = overtaken.current().manifest.base_url
        client.base_url = base
        page = client.get("/es/fever", headers=HTML)
        main = page.text.partition('<main id="main_content">')[2]
        before, _, after = main.partition(NOTICE)
        assert "</h1>" in before
        assert "<p>" not in before
        assert DATES in after
        assert 'href="/en/fever" hreflang="en">Lea la página en inglés</a>' in after
        assert page.headers["Content-Location"] == "/es/fever"
        again = client.get("/es/fever", headers={**HTML, "If-None-Match": page.headers["ETag"]})
        assert again.status_code == 304
        for path in ("/en/fever", "/es/cough"):
            assert NOTICE not in client.get(path, headers=HTML).text
        # The artifact by its name has the bytes of the manifest.
        assert client.get("/html/es/fever.html").content == _spanish(overtaken)


def test_it_is_not_said_any_more_once_it_is_translated(overtaken: Workspace) -> None:
    with _readers_of(overtaken) as client:
        since = client.get("/es/fever", headers=HTML).headers["Last-Modified"]
    overtaken.edit_catalogue("fever", "Fever", msgstr="Fiebre")
    overtaken.publish(at="2026-11-22T06:00:00Z")
    with _readers_of(overtaken) as client:
        page = client.get("/es/fever", headers={**HTML, "If-Modified-Since": since})
        assert (page.status_code, NOTICE in page.text) == (200, False)


def test_who_has_the_page_from_before_gets_the_notice(published: Workspace) -> None:
    with _readers_of(published) as client:
        since = client.get("/es/fever", headers=HTML).headers["Last-Modified"]
    _change_english(published, "2026-11-21")
    published.publish(at="2026-11-21T06:00:00Z")
    with _readers_of(published) as client:
        page = client.get("/es/fever", headers={**HTML, "If-Modified-Since": since})
        assert (page.status_code, NOTICE in page.text) == (200, True)


def test_no_date_is_named_that_says_the_opposite(published: Workspace) -> None:
    site = Service(published.store).served.site
    assert site
    (spanish,) = (each for each in editions_of(site.index, "fever") if each.language == "es")
    _change_english(published, spanish.updated[:10])
    published.publish(at="2026-11-21T06:00:00Z")
    with _readers_of(published) as client:
        page = client.get("/es/fever", headers=HTML).text
        assert NOTICE in page
        assert "La página en inglés se actualizó" not in page


def test_a_site_of_files_says_so(overtaken: Workspace) -> None:
    overtaken.run("release", "unpack", "site")
    site = overtaken.folder / "site"
    page = (site / "es/fever.html").read_text()
    assert NOTICE in page
    assert DATES in page
    assert 'href="../en/fever.html" hreflang="en">Lea la página en inglés</a>' in page
    assert (site / "html/es/fever.html").read_bytes() == _spanish(overtaken)
    assert NOTICE not in (site / "es/cough.html").read_text()
