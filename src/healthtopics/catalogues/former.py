r"""What an entry without a translation was before its English changed, as lines of its translator comment.

`# former English: Take 20 mg.` and `# former translation: Tome 20 mg.`: a translation that nobody should
confirm by mistake is not offered, but it stays in sight. The lines go when the entry is translated. A line
break in a text is written `\n`, as in the catalogue.
"""

import re
from typing import Final, NamedTuple

FORMER: Final = re.compile(r"former (English|translation): (.+)")
"""The two lines; a translator's own may begin with the same words, but then only one of them is there."""


class Former(NamedTuple):
    """The texts of an entry before its English changed."""

    msgid: str
    msgstr: str


def former_in(comment: str) -> Former | None:
    """Return the former texts according to a translator comment; None unless it has both."""
    if "former English: " not in comment:
        return None
    found = {
        match[1]: _unescape(match[2]) for line in comment.split("\n") if (match := FORMER.fullmatch(line))
    }
    return Former(found["English"], found["translation"]) if len(found) == 2 else None


def former_lines(former: Former) -> str:
    """Return the lines of a translator comment for former texts."""
    return f"former English: {_escape(former.msgid)}\nformer translation: {_escape(former.msgstr)}"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)
