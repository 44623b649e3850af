"""Characters that a foreign text may contain but ours may not."""

import re
from typing import Final

UNSEEN: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
"""Characters that plain text of our schemas cannot contain and readers do not see; white space stays a space.
"""
