import pytest

from healthtopics.importers.medlineplus.urls import RepairedUrl, repair_url

PAGE = "https://medlineplus.gov/spanish/page.html"


@pytest.mark.parametrize(
    "text",
    [
        "https://medlineplus.gov/asthma.html",
        "http://www.nhlbi.nih.gov",
        "http://a.example/?a=1&b=(2),%20#c",
        "https://a.example:8080/x",
        "https://a.example?",
        "https://user@a.example/",
    ],
)
def test_a_good_address_stays_as_it_is(text: str) -> None:
    assert repair_url(text, PAGE) == RepairedUrl(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("https://a.example/#Chinese, Simplified (M)", "https://a.example/#Chinese,%20Simplified%20(M)"),
        ("https://a.example/ñ?q=[x]", "https://a.example/%C3%B1?q=%5Bx%5D"),
        (" https://a.example/\n", "https://a.example/"),
        ("HTTPS://A.example/Q", "https://A.example/Q"),
        ("http://ñandú.example:81/", "http://xn--and-6ma2c.example:81/"),
        ("https://a.example/100%", "https://a.example/100%"),
    ],
)
def test_an_address_is_encoded_and_nothing_is_encoded_twice(text: str, url: str) -> None:
    address = repair_url(text)
    assert address is not None
    assert address.url == url
    assert address.is_encoded == (text != url)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("asthma.html", "https://medlineplus.gov/spanish/asthma.html"),
        ("/flu.html", "https://medlineplus.gov/flu.html"),
        ("//b.example/x", "https://b.example/x"),
        ("#top", PAGE + "#top"),
        ("?a=b", PAGE + "?a=b"),
    ],
)
def test_a_relative_address_is_made_absolute(text: str, url: str) -> None:
    assert repair_url(text, PAGE) == RepairedUrl(url, is_relative=True)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "javascript:alert(1)", "mailto:a@b.example", "java\nscript:x", "https://", "https:///x", "http://?x",
        "https://[bad", "https://a b.example/", "https://-a.example/", "https://a.example:0/", "https://a.example:x/",
        "https://x@ñ.example/", "https://" + "ñ" * 70 + ".example/", "https://a.example/" + "x" * 2000,
        "data:text/html,x",
    ],
)  # fmt: skip
def test_an_invalid_address_is_refused(text: str) -> None:
    assert repair_url(text, PAGE) is None


def test_without_a_page_a_relative_address_is_refused() -> None:
    assert repair_url("asthma.html") is None
