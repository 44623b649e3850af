"""Where the values of a TOML text start, in all forms that values and tables have."""

import pytest

from healthtopics.places import Places
from healthtopics.problems import Steps

TEXT = """\
# “é”, a = 1
base_url = "https://x" # c, "q"
"quoted key" = 'a, b'
yes = true
list = [1, [2, 3], "a, b", false, {x = 1, y = [ ]},
  0x1F]
day = 1979-05-27T07:32:00Z
long = \"\"\"
1, "
\"\"\"
x.y.z = "1"
[languages.fr]
a = 1
b = {}
[jobs.web]
[languages.pt]
z = -1.50
[[jobs.rows]]
u = "a"
[[jobs.rows]]
u = "b"
e = []
"""


@pytest.mark.parametrize(
    ("steps", "starts"),
    [
        ((), "# “é”"),
        (("base_url",), '"https://x" #'),
        (("quoted key",), "'a, b'\n"),
        (("yes",), "true\n"),
        (("list", 0), "1, [2"),
        (("list", 1, 1), '3], "a'),
        (("list", 2), '"a, b", f'),
        (("list", 3), "false, {"),
        (("list", 4, "x"), "1, y"),
        (("list", 4, "y"), "[ ]},"),
        (("list", 5), "0x1F]"),
        (("list", 6), "1, [2"),
        (("day",), "1979-05"),
        (("long",), '"""\n1, "'),
        (("x", "y", "z"), '"1"\n'),
        (("languages", "fr", "a"), "1\nb"),
        (("languages", "fr", "b"), "1\nb"),
        (("jobs", "rows", 1), '"b"\n'),
        (("jobs", "rows", 1, "e"), "[]\n"),
        (("languages", "pt"), "-1.50\n"),
    ],
)
def test_the_text_at_a_position_is_the_value(steps: Steps, starts: str) -> None:
    position = Places(TEXT, ".toml").at(steps)
    assert position
    lines = TEXT.split("\n")[position.line - 1 :]
    assert "\n".join(lines)[position.column - 1 :].startswith(starts)


def test_without_a_sure_position_there_is_none() -> None:
    text = "[a.b]\nc = 1\n[[d]]\ne = 1\n[a.f]\ng = 1\n"
    assert Places(text, ".toml").at(("a", "f", "g")) is None
