"""What is wrong with the entries of a catalogue, independent of their translations."""

from collections.abc import Iterator

import polib

from healthtopics.catalogues.po_header import PLURAL
from healthtopics.checks.dismissal import check_dismissal_comment
from healthtopics.checks.table import installed_checks
from healthtopics.problems import Level, Problem


def check_entries(file: polib.POFile, path: str) -> Iterator[Problem]:
    """Yield a warning for each plural, which no text here has, and each dismissal without effect."""
    for entry in file:
        if entry.obsolete:
            continue
        if entry.msgid_plural:
            yield Problem(
                check=PLURAL,
                level=Level.WARNING,
                path=path,
                line=entry.linenum,
                message="the entry has plural forms, but no text here has any; only msgstr[0] is read.",
                hint="Delete msgid_plural and all forms but the first; write msgstr for msgstr[0].",
            )
        for finding in check_dismissal_comment(entry.tcomment, installed_checks()):
            yield finding.at(path, entry.linenum)
