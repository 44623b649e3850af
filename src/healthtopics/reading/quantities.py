"""Units that measure the same thing, and how to convert between them."""

from typing import Final

_FACTORS: Final[dict[str, tuple[str, float]]] = {
    "ng": ("mass", 1e-9), "ug": ("mass", 1e-6), "mg": ("mass", 1e-3), "g": ("mass", 1), "kg": ("mass", 1000),
    "oz": ("mass", 28.3495), "lb": ("mass", 453.592),
    "ml": ("volume", 1), "dl": ("volume", 100), "l": ("volume", 1000), "tsp": ("volume", 4.92892),
    "tbsp": ("volume", 14.7868), "cup": ("volume", 236.588), "glass": ("volume", 236.588),
    "pint": ("volume", 473.176), "quart": ("volume", 946.353), "gallon": ("volume", 3785.41),
    "mm": ("length", 1e-3), "cm": ("length", 1e-2), "m": ("length", 1), "km": ("length", 1000),
    "in": ("length", 0.0254), "ft": ("length", 0.3048), "yd": ("length", 0.9144),
    "mile": ("length", 1609.344), "ft2": ("area", 0.092903), "m2": ("area", 1),
    "s": ("time", 1), "min": ("time", 60), "h": ("time", 3600), "day": ("time", 86400),
    "week": ("time", 604800),
    "month": ("calendar", 1), "year": ("calendar", 12), "decade": ("calendar", 120),
    "%": ("share", 0.01),
}  # fmt: skip
_METRIC: Final = frozenset(
    {"ng", "ug", "mg", "g", "kg", "ml", "dl", "l", "mm", "cm", "m", "km", "m2", "c", "degree"}
)
"""Units of the metric system; all others that can be converted are customary or of the kitchen."""
_FLUID_OUNCE: Final = 29.5735
"""In ml: an ounce of a drink is a volume."""
MEASURED: Final = frozenset({"mass", "volume", "length", "area", "temperature"})
"""Dimensions that are converted for readers who are used to other units."""
TIMES: Final = frozenset({"s", "min", "h", "day", "week", "month", "year", "decade", "night"})
_ROUNDING: Final = {"mass": 0.03, "volume": 0.06, "length": 0.03, "area": 0.1, "temperature": 0.0}
"""How far a conversion may be off, as a proportion: a cup is given as 240 or 250 ml."""
_OVEN: Final = 100
_ALIKE: Final = (
    frozenset({"tablet", "capsule"}),
    frozenset({"dose", "shot"}),
    frozenset({"puff", "spray"}),
    frozenset({"degree", "c"}),
    frozenset({"degree", "f"}),
    frozenset({"time", "dose"}),
    frozenset({"night", "day"}),
    frozenset({"u", "iu"}),
    frozenset({"cup", "glass"}),
    frozenset({"u", "dose"}),
)
"""Words that translations may exchange."""


def dimension(unit: str, *, is_part: bool = False) -> str:
    """Return what a unit measures; empty for one that cannot be compared."""
    if unit in ("c", "f"):
        return "temperature"
    if not unit:
        return "share" if is_part else ""
    return _FACTORS.get(unit, ("", 0.0))[0]


def is_alike(unit: str, other: str) -> bool:
    """Return whether one unit may be translated as the other."""
    return unit == other or any(unit in group and other in group for group in _ALIKE)


def is_same(value: float, unit: str, other: float, other_unit: str) -> bool:
    """Return whether two quantities of the same dimension are equal by definition: 24 hours and 1 day.

    15 days are two weeks by custom in languages that count both the first and the last day: `cada 15 días`.
    """
    if {(value, unit), (other, other_unit)} == {(2, "week"), (15, "day")}:
        return True
    return abs(value * _factor(unit) - other * _factor(other_unit)) < 1e-9 * max(
        1.0, abs(value * _factor(unit))
    )


def _factor(unit: str) -> float:
    return _FACTORS[unit][1] if unit else 1.0


def is_as_often(times: float, per: str, apart: float, unit: str) -> bool:
    """Return whether so many times in a day, a week … are as often as once every so many hours, days …."""
    return (
        per in _HOURS and unit in _HOURS and abs(times * apart * _HOURS[unit] / _HOURS[per] - 1) < _AS_OFTEN
    )


_HOURS: Final = {"min": 1 / 60, "h": 1.0, "day": 24.0, "week": 168.0, "month": 730.5, "year": 8766.0}
_AS_OFTEN: Final = 0.02
"""How far the two may be apart, as a proportion: twice a month is every two weeks only by and large."""


def is_converted(value: float, unit: str, other: float, other_unit: str, decimals: int) -> bool:
    """Return whether `other`, with that many decimals, is `value` converted and rounded."""
    half = 0.5 * 10.0**-decimals
    if dimension(unit) == "temperature" and dimension(other_unit) == "temperature":
        slack = half if decimals == 0 else max(half, 0.1)
        if other >= _OVEN and other % 10 == 0:
            slack = 5.0  # an oven is set in steps
        exact = [(value - 32) / 1.8, value / 1.8] if unit == "f" else [value * 1.8 + 32, value * 1.8]
        # The second is a difference of temperatures, which is never large.
        return abs(exact[0] - other) <= slack + 1e-9 or (
            value <= 20 and abs(exact[1] - other) <= slack + 1e-9
        )
    return any(
        _is_near(exact, other, half, dimension(other_unit)) for exact in _exact(value, unit, other_unit)
    )


def _exact(value: float, unit: str, other_unit: str) -> list[float]:
    """Return the value in the other unit; empty if they measure different things."""
    own, its_own = dimension(unit), dimension(other_unit)
    found = [value * _factor(unit) / _factor(other_unit)] if own and own == its_own != "temperature" else []
    if unit == "oz" and its_own == "volume":
        found.append(value * _FLUID_OUNCE / _factor(other_unit))
    if other_unit == "oz" and own == "volume":
        found.append(value * _factor(unit) / _FLUID_OUNCE)
    return found


def _is_near(exact: float, other: float, half: float, dimension_: str) -> bool:
    off = abs(exact - other)
    return off <= _ROUNDING.get(dimension_, 0.0) * exact or off <= min(half, 0.1 * exact)


def is_of_another_system(unit: str, other: str) -> bool:
    """Return whether readers may be used to one of the two units and not to the other: pounds, kilograms."""
    return (unit in _METRIC) != (other in _METRIC)


def can_convert(unit: str, other: str) -> bool:
    """Return whether a quantity in one unit can be given in the other, and the two are different."""
    if unit == other:
        return False
    if dimension(unit) in MEASURED and dimension(unit) == dimension(other):
        return True
    return "oz" in (unit, other) and "volume" in (dimension(unit), dimension(other))
