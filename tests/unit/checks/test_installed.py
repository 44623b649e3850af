"""Checks of other distributions join those of this one, or are refused with a reason."""

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from healthtopics.catalogue import IDENTITY, Catalogue, Key, Message
from healthtopics.checks.table import CHECKS, GROUP, Checks, check_pair, installed_checks
from healthtopics.checks.values import Check, Need, Pair
from healthtopics.cli.exits import EXIT_CONFIGURATION, exit_code, explain
from healthtopics.errors import PluginError
from healthtopics.language import LanguageTag
from healthtopics.plugins import load_plugins
from healthtopics.schema import MessageRule, packaged_plan
from healthtopics.translation.translate import translate
from support.distributions import Distribution
from support.documents import topic

Install = Callable[[str, str], None]
HEAD = """\
from healthtopics.checks.values import Check, Finding
from healthtopics.problems import Level
def check_always(pair):
    yield ALWAYS.finding("something is wrong.")
"""
ALWAYS = 'ALWAYS = Check("acme-always", check_always, doc="Everything is wrong.")\n'


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a module with this name, whose `CHECKS` are offered."""

    def add(module: str, text: str) -> None:
        distribution = Distribution(
            name=module, files={f"{module}.py": text}, entry_points={GROUP: {"all": f"{module}:CHECKS"}}
        )
        monkeypatch.syspath_prepend(str(distribution.build(tmp_path)))

    for cached in (load_plugins, installed_checks):
        cached.cache_clear()
    yield add
    for cached in (load_plugins, installed_checks):
        cached.cache_clear()


@pytest.mark.parametrize("offered", ["ALWAYS", "[ALWAYS]"])
def test_foreign_checks_run_after_ours(install: Install, offered: str) -> None:
    module = f"acme{len(offered)}"
    install(module, f"{HEAD}{ALWAYS}CHECKS = {offered}")
    checks = installed_checks()
    assert checks.rows[:-1] == CHECKS.rows
    pair = Pair(MessageRule("heading", "A heading."), "Pain", "Dolor", language=LanguageTag("es"))
    (finding,) = check_pair(pair, checks)
    assert (finding.check, finding.hint) == ("acme-always", "Everything is wrong.")
    assert checks.origins == (f"{module} 1.0",)
    assert pickle.loads(pickle.dumps(checks)) == checks  # noqa: S301 - our own bytes, as worker processes get them


@pytest.mark.parametrize(
    ("module", "text", "reason"),
    [
        ("acmedoc", 'CHECKS = Check("acme-always", check_always)', "'acme-always' has no doc"),
        ("acmeid", 'CHECKS = Check("number-lost", check_always, doc="A.")', "The id 'number-lost' is taken"),
        ("acmetwice", f"{ALWAYS}CHECKS = (ALWAYS, ALWAYS)", "The id 'acme-always' is taken"),
        (
            "acmeformer",
            'CHECKS = Check("acme-new", check_always, formerly=("term-missing",), doc="A.")',
            "The id 'term-missing' is taken",
        ),
        ("acmetype", "CHECKS = check_always", "is not a healthtopics.checks.values.Check"),
        ("acmefield", 'CHECKS = Check(5, check_always, doc="A.")', "It offers a Check whose id is 5."),
        (
            "acmelevel",
            'CHECKS = Check("acme", check_always, level="error", doc="A.")',
            "a Check whose level is 'error'",
        ),
        (
            "acmehash",
            'class List(list): __call__ = check_always\nCHECKS = Check("acme", List(), doc="A.")',
            "unhashable type: 'List'",
        ),
        ("acmelambda", 'CHECKS = Check("acme", lambda pair: (), doc="A.")', "use a named function"),
    ],
)
def test_what_cannot_be_used_is_refused(install: Install, module: str, text: str, reason: str) -> None:
    install(module, f"{HEAD}{text}\n")
    with pytest.raises(PluginError) as raised:
        installed_checks()
    assert reason in raised.value.diagnostics()
    assert f"{module} 1.0" in raised.value.diagnostics()


@pytest.mark.parametrize(
    ("module", "body", "reason"),
    [
        ("acmeraise", "raise KeyError(pair.msgid)", "check_it() raised KeyError: 'Pain'"),
        ("acmelate", "yield ALWAYS.finding('wrong.'); 1 / 0", "check_it() raised ZeroDivisionError"),
        ("acmetext", "return ['wrong']", "check_it() returned 'wrong', which is not a Finding."),
        ("acmenone", "return None", "check_it() returned None, which cannot be used ("),
        ("acmerow", "return [Finding(None, '', '', Level.INFO)]", "a Finding whose row is None."),
        ("acmerowid", "return [Check(5).finding('wrong.')]", "a Check whose id is 5."),
        ("acmewords", "return [Finding(ALWAYS, 5, '', Level.INFO)]", "a Finding whose message is 5."),
        ("acmehint", "return [Finding(ALWAYS, '', True, Level.INFO)]", "a Finding whose hint is True."),
        ("acmefatal", "return [Finding(ALWAYS, '', '', 'fatal')]", "a Finding whose level is 'fatal'."),
        ("acmehalf", "return [ALWAYS.finding('\\ud800')]", r"a Finding whose message is '\ud800'."),
    ],
)
def test_one_that_fails_is_an_error_of_its_distribution(
    install: Install, module: str, body: str, reason: str
) -> None:
    check = f'def check_it(pair):\n    {body}\nCHECKS = Check("acme-it", check_it, doc="A.")\n'
    install(module, f"{HEAD}{ALWAYS}{check}")
    checks = installed_checks()
    pair = Pair(MessageRule("heading", "A heading."), "Pain", "Dolor", language=LanguageTag("es"))
    with pytest.raises(PluginError) as raised:
        check_pair(pair, pickle.loads(pickle.dumps(checks)))  # noqa: S301 - as worker processes get them
    said = explain(raised.value)
    assert reason in said
    assert f"{module} 1.0" in said
    assert "“Pain”" in said
    assert exit_code(raised.value) == EXIT_CONFIGURATION


@pytest.mark.parametrize(
    ("module", "body", "reason"),
    [
        ("acmepairs", "raise ValueError('no')", "check_all() raised ValueError: no"),
        ("acmealien", "yield replace(pairs[0]), ALWAYS.finding('wrong.')", "is not one of the pairs"),
        ("acmeword", "yield pairs[0], 'wrong'", "check_all() returned 'wrong', which is not a Finding."),
        ("acmeflat", "yield ALWAYS.finding('wrong.')", "which cannot be used (cannot unpack"),
    ],
)
def test_one_of_whole_topics_that_fails_is_an_error_of_its_distribution(
    install: Install, module: str, body: str, reason: str
) -> None:
    check = f"from dataclasses import replace\ndef check_all(pairs):\n    {body}\n"
    row = 'CHECKS = Check("acme-all", of_topic=check_all, doc="A.")\n'
    install(module, f"{HEAD}{ALWAYS}{check}{row}")
    message = Message(Key("title", "Asthma"), "Asma")
    catalogue = Catalogue.of(LanguageTag("es"), [message], path="locales/es/LC_MESSAGES/fever.po")
    with pytest.raises(PluginError) as raised:
        translate(packaged_plan("topic.schema.json"), topic(), catalogue, checks=installed_checks())
    said = explain(raised.value)
    assert reason in said
    assert f"{module} 1.0" in said
    assert "locales/es/LC_MESSAGES/fever.po" in said


def test_a_function_that_entry_points_share_runs_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Install
) -> None:
    del install  # its caches are cleared
    text = f'{HEAD}{ALWAYS}OTHER = Check("acme-other", check_always, doc="Everything is wrong.")\n'
    offered = {"one": "acmeshared:ALWAYS", "other": "acmeshared:OTHER"}
    distribution = Distribution(
        name="acmeshared", files={"acmeshared.py": text}, entry_points={GROUP: offered}
    )
    monkeypatch.syspath_prepend(str(distribution.build(tmp_path)))
    pair = Pair(MessageRule("heading", "A heading."), "Pain", "Dolor", language=LanguageTag("es"))
    assert [finding.check for finding in check_pair(pair, installed_checks())] == ["acme-always"]


def test_one_of_whole_topics_is_not_asked_about_english(install: Install) -> None:
    check = "def check_all(pairs):\n    raise ValueError('no')\n"
    install("acmeenglish", f'{HEAD}{check}CHECKS = Check("acme-all", of_topic=check_all, doc="A.")\n')
    plan = packaged_plan("topic.schema.json")
    assert translate(plan, topic(), IDENTITY, checks=installed_checks()).document


def test_the_digest_depends_on_ids_and_distributions_alone() -> None:
    one, other = Check("acme-one"), Check("acme-other")
    assert Checks((one,)).digest == Checks((Check("acme-one", doc="Again."),)).digest
    digests = {
        Checks((one,)).digest,
        Checks((one, other)).digest,
        Checks((one,), ("acme 1.0",)).digest,
        Checks((one,), ("acme 1.1",)).digest,
    }
    assert len(digests) == 4


def test_a_pseudo_language_is_checked_for_form_only() -> None:
    asked = CHECKS.of_message(LanguageTag("en-XA"), has_glossary=True)
    form = [row.of_message for row in CHECKS.rows if row.of_message and row.needs in (Need.FORM, Need.TOPIC)]
    assert asked == tuple(dict.fromkeys(form))
