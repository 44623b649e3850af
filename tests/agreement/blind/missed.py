"""The corruptions that nobody notices yet. Why each matters is in its own docstring.

Remove a line after a change that finds its corruption.
"""

from __future__ import annotations

from typing import Final

MISSED: Final[frozenset[str]] = frozenset()
"""By format and name, as in the test's id."""
