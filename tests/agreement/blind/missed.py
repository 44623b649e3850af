"""The corruptions that nobody notices yet. Why each matters, its own docstring says.

Who makes the checks find one takes its line out.
"""

from __future__ import annotations

from typing import Final

MISSED: Final = frozenset(
    {
        "fhir-r5: bundle-of-other-edition",
        "fhir-r5: business-version-of-other-edition",
    }
)
"""By format and name, as in the test's id."""
