"""Rules that corrupt a page."""

import re
from collections.abc import Callable
from typing import Final

from agreement.places import Rule


def _page(pattern: str, replacement: str) -> Callable[[str, str], str | None]:
    def corrupt(page: str, _other: str) -> str | None:
        start = page.index("<body")
        changed, count = re.subn(pattern, replacement, page[start:], count=1, flags=re.DOTALL)
        return page[:start] + changed if count and changed != page[start:] else None

    return corrupt


def _head(pattern: str, replacement: str) -> Callable[[str, str], str | None]:
    def corrupt(page: str, _other: str) -> str | None:
        changed, count = re.subn(pattern, replacement, page, count=1, flags=re.DOTALL)
        return changed if count and changed != page else None

    return corrupt


def _from_other(pattern: str) -> Callable[[str, str], str | None]:
    """Take what the pattern matches from the page in the other language."""

    def corrupt(page: str, other: str) -> str | None:
        mine, theirs = (re.search(pattern, each, re.DOTALL) for each in (page, other))
        if not mine or not theirs or mine.group() == theirs.group():
            return None
        return page[: mine.start()] + theirs.group() + page[mine.end() :]

    return corrupt


_ITEM = r"<li>((?!<li>|</li>|<ul).)*</li>\s*"
PAGE: Final[dict[str, Rule]] = {
    "a section lost": _page(r'<section id="[^"_]+">((?!<section).)*?</section>', ""),
    "an item lost": _page(rf'(<section id="[^"_]+">((?!</section>).)*?){_ITEM}', r"\1"),
    "a paragraph lost": _page(r'(<section id="[^"_]+">((?!</section>).)*?)<p>[^<]*</p>', r"\1"),
    "a numbered list": _page(
        r'(<section id="[^"_]+">((?!</section>).)*?)<ul>(((?!<ul>).)*?)</ul>', r"\1<ol>\3</ol>"
    ),
    "a link to another host": _page(
        r'(<section id="[^"_]+">((?!</section>).)*?)href="https?://[^/"]+', r'\1href="https://example.net'
    ),
    "a link lost": _page(r'(<section id="[^"_]+">((?!</section>).)*?)<a [^>]*>([^<]*)</a>', r"\1\3"),
    "the text of the other language": _from_other(r"(?<=</p>\n)<p>[^<]*</p>"),
    "the heading of the other language": _from_other(r'(?<=<section id="overview">\n)<h2>[^<]*</h2>'),
    "the title of the other language": _from_other(r"<h1>.*?</h1>"),
    "the title in the head of the other language": _from_other(r"<title>.*?</title>"),
    "the description of the other language": _from_other(r'<p class="summary">.*?</p>'),
    "the description in the head changed": _head(r'(<meta name="description" content=")[^"]*', r"\1Changed."),
    "the address of the other edition": _head(
        r'(<link rel="alternate" hreflang="(?!x)[a-z]+" href=")[^"]*', r"\1https://example.net/"
    ),
    "another address of all editions": _head(
        r'(hreflang="x-default" href=")[^"]*', r"\1https://example.net/"
    ),
    "a date changed in words": _page(r"(<footer>.*?<time [^>]*>[^<]*)\d{4}", r"\g<1>1999"),
    "a date changed for programs": _page(r'(<footer>.*?<time datetime=")\d{4}', r"\g<1>1999"),
    "a fact below the text lost": _page(r"<dt>((?!<dt>).)*</dd>\s*(?=</dl>\s*</footer>)", ""),
    "another publisher": _page(r"(<footer>.*?<dd>(?:<a [^>]*>)?(?:<span[^>]*>)?)[^<]+", r"\1Somebody Else"),
    "the licence leads elsewhere": _page(
        r'(<footer>.*href=")[^"]*creativecommons[^"]*', r"\1https://example.net/licence"
    ),
    "a name lost": _page(r'(<dl class="names">.*?)<dd>[^<]*</dd>', r"\1"),
    "a page lost": _page(r'(<ul class="links"[^>]*>\s*)<li>((?!\n</li>).)*?</li>\s*(?=<li>)', r"\1"),
    "the address of a page changed": _page(r'(<ul class="links".*?href="https?://)[^/"]+', r"\1example.net"),
    "the title of a page changed": _page(r'(<ul class="links".*?<a [^>]*>)[^<]*', r"\1Another page"),
    "the language of a page changed": _page(r'(<ul class="links".*?hreflang=")[^"]*', r"\1fr"),
    "the organization of a page changed": _page(r'(<ul class="by">\s*<li>(?:<span[^>]*>)?)[^<]+', r"\1Else"),
    "the heading of a category changed": _page(r'(<section id="links_[^>]*>.*?<h3>)[^<]*', r"\1Other things"),
    "the words for an English page lost": _page(r' <span class="language">[^<]*</span>', ""),
    "a source lost": _page(r'(<ul class="sources">\s*)<li>((?!<li>).)*</li>\s*(?=<li>)', r"\1"),
    "the address of a source changed": _page(
        r'(<ul class="sources">.*?href="https?://)[^/"]+', r"\1example.net"
    ),
    "a related topic leads elsewhere": _page(
        r'(<section id="page_related">.*?href="https?://)[^/"]+', r"\1example.net"
    ),
    "an entry of the table of contents changed": _page(
        r'(<nav class="contents".*?<a [^>]*>(?:<span[^>]*>)?)[^<]*', r"\1Elsewhere"
    ),
    "a link of the table of contents leads elsewhere": _page(
        r'(<nav class="contents".*?<li><a href="#)[^"]*(">.*?<li><a href="#)([^"]*)', r"\1\3\2\3"
    ),
    "another emergency number": _page(r'(<p class="help">.*?)911</a>', r"\g<1>119</a>"),
    "a phone calls another number": _page(r"tel:911", "tel:119"),
    "the notice of a trial lost": _page(r'<aside class="trial">.*?</aside>', ""),
    "reports go to somebody else": _page(r"mailto:[^@]+", "mailto:somebody"),
    "no way to report a problem": _page(r"<dt>(?:(?!</dt>).)*</dt>\s*<dd><a href=\"mailto:.*?</dd>", ""),
    "another day below the title": _page(
        r'(<ul class="trust">.*?<time datetime="[^"]*">[^<]*)\d{4}', r"\g<1>1999"
    ),
    "reviewed by somebody, below the title": _page(
        r'(<ul class="trust">(?:(?!</li>).)*</li>\s*<li>)[^<]*', r"\1Reviewed by: Dr. Nobody, today"
    ),
    "a source more below the title": _page(r'(<a href="#page_sources">[^(]*\()\d+', r"\g<1>99"),
    "a section in Spanish that is another one": _page(
        r'(<p class="editions">\s*<a href="[^"#]*#)[^"]*', r"\1page_links"
    ),
    "a section in another language is this one": _page(
        r'(<p class="editions">\s*<a href="https://[^/]*/)[a-z]+(?=/)', r"\1xx"
    ),
    "another number of links": _page(r'(<span class="count">\()\d+', r"\g<1>99"),
    "a short list folded": _page(r'<details open="open">', "<details>"),
    "a text folded": _page(
        r'(<section id="[^"_]+">\s*<h2>.*?</h2>.*?)(<p>.*?</p>)',
        r"\1<details><summary>More</summary>\2</details>",
    ),
    "a text hidden as navigation": _page(
        r'(<section id="[^"_]+">((?!</section>).)*?)<p>', r'\1<p class="whole">'
    ),
    "a text hidden as the same in other languages": _page(
        r'(<section id="[^"_]+">((?!</section>).)*?)<p>', r'\1<p class="editions">'
    ),
    "a callout whose heading says nothing of its urgency": _page(
        r'<span class="urgency">.*?</span> (?=[^<]*</h[23]>)', ""
    ),
    "a callout that is less urgent in words": _page(r'(<span class="urgency">)Emerg[^:<]*', r"\1Advice"),
    "cited as another page": _page(r"(<footer>.*?<cite>)[^<]*", r"\1Another page"),
    "cited with another address": _page(r'(<cite>.*?<a href="https://[^/]*/)[^"]*', r"\1xx"),
    "another version": _page(r"(<dd>\d{4}\.\d\d\.\d\d-)[0-9a-f]{4}", r"\g<1>0000"),
    "another title for other sites": _head(r'(property="og:title" content=")[^"]*', r"\1Changed"),
    "another address for other sites": _head(
        r'(property="og:url" content=")[^"]*', r"\1https://example.net/"
    ),
    "the way to the page leads elsewhere": _page(
        r'(<nav class="crumbs".*?<li><a href=")[^"]*', r"\1https://example.net/"
    ),
    "the group on the way leads to another": _page(
        r'(<nav class="crumbs".*?<li>.*?<li><a href="[^"]*/)[^"]*', r"\1other"
    ),
    "the name of the site leads elsewhere": _page(
        r'(<p class="name"><a href=")[^"]*', r"\1https://example.net/"
    ),
    "the search asks somebody else": _page(r'(<form [^>]*action=")[^"]*', r"\1https://example.net/"),
    "the search asks for a password": _page(r'(<input [^>]*type=")[^"]*', r"\1password"),
    "the search among the text": _page(
        r'(<form .*?</form>)(.*?<section id="[^"_]+">\s*<h2>.*?</h2>)', r"\2\1"
    ),
    "another number of sources": _page(
        r'(<section id="page_sources">.*?<span class="count">\()\d+', r"\g<1>99"
    ),
    "a text hidden as words for screen readers": _page(
        r'(<section id="[^"_]+">((?!</section>).)*?)<p>', r'\1<p class="hidden">'
    ),
    "another icon": _head(r'(<link rel="icon" [^>]*href=")[^"]*', r"\1https://example.net/icon.svg"),
    "the JSON-LD says another title": _head(
        r'("@type":"MedicalWebPage".{0,900}?"headline":")[^"]*', r"\1Changed"
    ),
    "the JSON-LD of a section changed": _head(r'("text":")[^"]{3}', r"\1Not "),
}
