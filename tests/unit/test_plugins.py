"""What other distributions offer as entry points is found, and what is wrong with it is said."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from healthtopics.errors import PluginError
from healthtopics.plugins import Guarded, Plugin, PluginOrigin, load_plugins
from support.distributions import Distribution

GROUP = "healthtopics.tests"
Offer = Callable[[str, str], None]


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offer]:
    """Offer an object, `module:name`, of a module with this text."""

    def install(target: str, text: str) -> None:
        module = target.partition(":")[0]
        distribution = Distribution(
            name=module, files={f"{module}.py": text}, entry_points={GROUP: {"one": target}}
        )
        monkeypatch.syspath_prepend(str(distribution.build(tmp_path)))

    load_plugins.cache_clear()
    yield install
    load_plugins.cache_clear()


def test_each_object_comes_with_its_distribution(offer: Offer) -> None:
    offer("soundplugin:VALUE", "VALUE = 3")
    assert load_plugins(GROUP) == (Plugin(PluginOrigin("soundplugin 1.0", "one", GROUP), 3),)


def test_an_error_of_another_distribution_keeps_its_name() -> None:
    one, other = (PluginOrigin(f"{name} 1.0", name, GROUP) for name in ("one", "other"))

    def fail() -> None:
        raise ValueError("no such table")

    inner = Guarded(one, fail, lambda _result: "")
    with pytest.raises(PluginError) as raised:
        Guarded(other, inner, lambda _result: "")()
    assert "fail() raised ValueError: no such table" in raised.value.diagnostics()
    assert "one 1.0" in raised.value.diagnostics()


@pytest.mark.parametrize(
    ("target", "text"),
    [("faultyplugin:VALUE", "raise RuntimeError('no such table')"), ("emptyplugin:VALUE", "")],
)
def test_one_that_cannot_be_loaded_is_an_error_that_names_it(offer: Offer, target: str, text: str) -> None:
    offer(target, text)
    with pytest.raises(PluginError) as raised:
        load_plugins(GROUP)
    for words in (target, GROUP, f"{target.partition(':')[0]} 1.0", "fix or uninstall"):
        assert words in raised.value.diagnostics()
