"""The corruptions that nobody notices yet, and why each of them matters.

Who makes the checks find one takes its line out.
"""

from __future__ import annotations

from typing import Final

MISSED: Final = {
    "fhir-r4: foreign-title-untagged": "A Spanish voice reads out an English title of a link.",
    "fhir-r4: number-as-power": "In the heading of a card, a viewer shows “Call 9 to the power of 11”.",
}
"""By format and name, as in the test's id."""
