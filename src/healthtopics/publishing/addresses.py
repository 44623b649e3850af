"""Where a collection is published: its addresses never change, unless the last release was only a trial."""

from collections.abc import Iterator

from healthtopics.configuration import Configuration, is_reserved
from healthtopics.errors import IntegrityError, InvalidConfigurationError, ReleaseError
from healthtopics.layout import CONFIGURATION
from healthtopics.problems import Problem
from healthtopics.publishing.deciding import read_index
from healthtopics.release import Opened, Store


def moved_from(configuration: Configuration, previous: Opened | None) -> str:
    """Return the address of the last release if the next one has another; empty if not.

    The next one then takes nothing over but the number: editions, dates and packages of the last one have
    its addresses.
    """
    last = previous.manifest.base_url if previous else configuration.base_url
    return last if last != configuration.base_url else ""


def check_addresses(
    configuration: Configuration, previous: Opened | None, store: Store | None
) -> Iterator[Problem]:
    """Yield a problem if addresses that people rely on would change: the last release was not a trial."""
    last = moved_from(configuration, previous)
    if previous is None or store is None or not last or _is_trial(store, previous):
        return
    hint = (
        f"Addresses can never change, as others have stored them: set base_url to {last} again. For another "
        "site under the other address: `healthtopics publish --exports FOLDER`."
    )
    yield _changed(configuration, previous, hint)


def refuse_other_address(configuration: Configuration, current: Opened, wanted: Opened) -> None:
    """Raise if the pages of a release, which is to be published again, have other addresses than readers use.

    InvalidConfigurationError if those of the configuration are others, ReleaseError for an old trial.
    """
    if last := moved_from(configuration, current):
        hint = f"Set base_url to {last} again to go back, or publish under the new address."
        raise InvalidConfigurationError([_changed(configuration, current, hint)])
    if moved_from(configuration, wanted):
        raise ReleaseError(
            f"release {wanted.manifest.number} was a trial under {wanted.manifest.base_url}, and its pages "
            "have that address. Restore its texts in the workspace, then run `healthtopics publish`."
        )


def _changed(configuration: Configuration, last: Opened, hint: str) -> Problem:
    return Problem(
        check="base-url-changed",
        path=CONFIGURATION,
        pointer="/base_url",
        message=f"base_url is {configuration.base_url}, but release {last.manifest.number} was published "
        f"under {last.manifest.base_url}.",
        hint=hint,
    )


def _is_trial(store: Store, opened: Opened) -> bool:
    """Return whether nobody relies on the addresses of a release: it says so, or nobody could open them."""
    if is_reserved(opened.manifest.base_url):
        return True
    try:
        return read_index(store, opened.manifest.files).trial
    except IntegrityError:  # nothing says that it is one
        return False
