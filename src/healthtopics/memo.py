"""Results of functions of short texts, such as words, which come again and again."""

from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memo(dict[Key, Value], Generic[Key, Value]):
    """The results of a function by its argument; emptied when there are too many.

    It is a dictionary, so that looking up a known one calls no function, as `lru_cache` does.
    """

    __slots__ = ("_function", "_most")

    def __init__(self, function: Callable[[Key], Value], most: int) -> None:
        super().__init__()
        self._function, self._most = function, most

    def __missing__(self, key: Key) -> Value:
        if len(self) >= self._most:
            self.clear()
        return self.setdefault(key, self._function(key))
