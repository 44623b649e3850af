"""The service's own Spanish follows docs/spanish.md."""

from support.samples import ROOT

SOURCE = ROOT / "src/healthtopics"


def test_the_service_quotes_as_the_style_sheet_says() -> None:
    texts = [path for name in ("delivery", "server") for path in SOURCE.joinpath(name).rglob("*.*")]
    assert len(texts) > 50
    other = [path.name for path in texts if path.suffix != ".pyc" and set("«»") & set(path.read_text())]
    assert other == [], "docs/spanish.md: quotation marks are “ ”"
