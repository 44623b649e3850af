"""The forms of the marked words of the language files are those that support.inflection builds."""

import json
import os
from pathlib import Path

import pytest

from healthtopics.schema import DATA
from support.inflection import forms_of, marked

LANGUAGES = sorted(path.name.removesuffix(".json") for path in (DATA / "forms").iterdir())


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_forms_are_current(tag: str) -> None:
    data = json.loads((DATA / "languages" / f"{tag}.json").read_bytes())
    built = json.dumps(forms_of(tag, marked(data)), ensure_ascii=False, indent=1) + "\n"
    path = Path(str(DATA / "forms" / f"{tag}.json"))
    if os.environ.get("HEALTHTOPICS_REWRITE_GOLDENS") and not os.environ.get("CI"):
        path.write_text(built, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == built, "run `make goldens` and review the difference"


def test_a_word_stands_for_its_forms() -> None:
    english, spanish = (
        forms_of(tag, words) for tag, words in (("en", ["stop*", "dry+"]), ("es", ["bajar*", "rodilla*"]))
    )
    assert english == {"dry+": "drier driest drily", "stop*": "stopped stopping stops"}
    assert {"baja", "bajen", "bajaron", "bajando"} <= set(spanish["bajar*"].split())
    assert spanish["rodilla*"] == "rodillas"
