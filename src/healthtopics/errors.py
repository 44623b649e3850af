"""Broken promises, as exceptions. Faults in data are values instead: `problems.Problem`.

HealthTopicsError
├─ DataError                 the data has problems, which the error holds
│  ├─ JsonTextError          not JSON, or JSON that two readers could read differently
│  ├─ InvalidTopicError      a document that is not a topic
│  ├─ CatalogueError         a .po file that cannot be read without guessing
│  ├─ LanguageDataError      a file of data/languages/ that breaks its schema
│  ├─ ImportDataError        foreign data that cannot be read
│  └─ BuildError             no release can be built from this data
├─ ConfigurationError        healthtopics.toml or the workspace cannot be used
│  ├─ InvalidConfigurationError  healthtopics.toml has problems, which the error holds
│  ├─ PluginError            an entry point of another distribution cannot be used
│  ├─ ClockError             no release can be dated: the last one is later
│  └─ UnusablePathError      a path that the system refuses until somebody changes something
├─ ReleaseError              a release is missing or not what it says
│  ├─ ReleaseExistsError     releases are immutable
│  ├─ IntegrityError         length or digest differ from the manifest
│  ├─ PointerError           `current.json` is damaged
│  ├─ LostEditionError       the only copy of an edition that is held today is damaged
│  ├─ NothingSelectedError   a copy should have a part that the release does not have
│  └─ NoCurrentReleaseError
└─ TryAgainError             nothing is wrong with the data: lock held, disk full, network down
   ├─ StorageError
   │  └─ BusyError           another process holds the lock, and does the work
   └─ NetworkError
"""

import copyreg
import errno
from collections.abc import Sequence
from typing import Any, Final

from healthtopics.problems import Problem


class HealthTopicsError(Exception):
    """The base class of all exceptions that this package raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        # So that an exception from a worker process arrives intact, whatever its arguments are.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]  # typeshed lacks it

    def diagnostics(self) -> str:
        """Return what happened, where, and what to do next, for a person to read."""
        return str(self)


class DataError(HealthTopicsError):
    """The data has problems; `problems` holds every one that was found, errors and warnings."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class JsonTextError(DataError):
    """Not JSON, or JSON that two readers could read differently."""

    def __init__(self, problems: Sequence[Problem], value: Any = None) -> None:  # noqa: ANN401 - a JSON value
        super().__init__(problems)
        self.value = value
        """What most readers would read; None if it cannot be read."""


class InvalidTopicError(DataError):
    """A document that is not a topic."""


class CatalogueError(DataError):
    """A .po file that cannot be read without guessing."""


class LanguageDataError(DataError):
    """The data of a language breaks its schema, or is missing."""


class ImportDataError(DataError):
    """Foreign data that cannot be read, or not without losing some of it."""


class BuildError(DataError):
    """No release can be built from this data."""


class ConfigurationError(HealthTopicsError):
    """healthtopics.toml, or the workspace around it, cannot be used."""


class InvalidConfigurationError(ConfigurationError):
    """healthtopics.toml has problems; `problems` holds every one that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class PluginError(ConfigurationError):
    """An entry point of another distribution cannot be used."""

    def __init__(self, group: str, name: str, distribution: str, reason: str) -> None:
        super().__init__(group, name, distribution, reason)

    def __str__(self) -> str:
        group, name, distribution, reason = self.args
        return (
            f"{reason}\nIt is the entry point {name!r} of the group {group!r} in the distribution"
            f" {distribution}; fix or uninstall that distribution."
        )


class ClockError(ConfigurationError):
    """No release can be dated: the last one is later than the clock, or the wanted time is impossible."""


class UnusablePathError(ConfigurationError):
    """The system refuses a path, and will again: no permission, read-only, a file where a folder is due."""


class ReleaseError(HealthTopicsError):
    """A release is missing, or not what its manifest says."""


class ReleaseExistsError(ReleaseError):
    """The number is taken: releases are immutable."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"release {number} exists already; another publisher was faster. Run publish again.")


class IntegrityError(ReleaseError):
    """Bytes differ from what the manifest promises."""

    def __init__(self, key: str, *, expected: str, actual: str) -> None:
        self.key = key
        self.expected = expected
        self.actual = actual
        super().__init__(f"{key}: expected {expected}, found {actual}. The file is damaged, or was replaced.")


class PointerError(ReleaseError):
    """What should lead to a release does not."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key}: is not a pointer to a release. The file is damaged, or was replaced.")


class LostEditionError(ReleaseError):
    """An edition that is held today is damaged in the store, and cannot be made from today's texts."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            f"{', '.join(names)}: these editions are held, so that they cannot be made again from today's "
            "texts, and they or the index that describes them are damaged. Restore them from a copy, or "
            "complete the translations."
        )


class NothingSelectedError(ReleaseError):
    """A copy should have a part that the release does not have."""


class NoCurrentReleaseError(ReleaseError):
    """Nothing has been published here yet."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(f"{where}: no release here yet. Run `healthtopics publish` first.")


class TryAgainError(HealthTopicsError):
    """Nothing is wrong with the data; the same command may succeed later."""


class StorageError(TryAgainError):
    """The disk or the store refused for now: full, locked, too many open files, a read that fails."""


class BusyError(StorageError):
    """Another process holds the lock, and does the work."""


class NetworkError(TryAgainError):
    """The other side did not answer, or not in time."""


_LASTING: Final = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENOENT,
        errno.EEXIST,
        errno.ENAMETOOLONG,
        errno.EINVAL,
        errno.EILSEQ,
        errno.EXDEV,
        errno.ENXIO,
        errno.ENODEV,
        errno.EMLINK,
        errno.EOPNOTSUPP,
    }
)
"""What a retry cannot help with. ENOENT: a folder, or the target of a link, that nobody has made."""


def is_lasting(error: OSError) -> bool:
    """Return whether the system will refuse again, until somebody changes something."""
    return error.errno in _LASTING


def refusal(error: OSError, message: str) -> "StorageError | UnusablePathError":
    """Return the exception for what the system refused, by whether trying again can help."""
    return UnusablePathError(message) if is_lasting(error) else StorageError(message)
