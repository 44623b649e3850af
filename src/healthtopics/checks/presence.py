"""Whether there is a translation at all; translating a topic reports it."""

from typing import Final

from healthtopics.checks.values import Check, Need
from healthtopics.problems import Level

MESSAGE_MISSING: Final = Check("message-missing", level=Level.WARNING, needs=Need.FORM, is_dismissible=False)
MESSAGE_FUZZY: Final = Check("message-fuzzy", level=Level.WARNING, needs=Need.FORM, is_dismissible=False)
MESSAGE_UNREVIEWED: Final = Check(
    "message-unreviewed", level=Level.WARNING, needs=Need.FORM, is_dismissible=False
)
UNFINISHED: Final = frozenset({MESSAGE_MISSING.id, MESSAGE_FUZZY.id, MESSAGE_UNREVIEWED.id})
"""The ids of warnings that still hold an edition, because not all of its messages are ready."""
