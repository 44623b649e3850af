"""Of a workspace with errors, what the other files give: what the next run would find, found at once."""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from healthtopics.errors import BuildError
from healthtopics.language import LanguageTag
from healthtopics.layout import WORDS, catalogue_path, topic_path
from healthtopics.problems import Level, Problem
from healthtopics.publishing.artifacts import Artifacts
from healthtopics.publishing.deciding import Decided, check_published, choose_editions, drafts_in
from healthtopics.publishing.digests import Rules
from healthtopics.publishing.sources import Sources
from healthtopics.publishing.values import Engine
from healthtopics.release import Held


class FaultyFilesError(BuildError):
    """Files have errors; `problems` also has those of what the other files give."""

    def __init__(
        self, problems: Sequence[Problem], held: Sequence[Held] = (), drafts: Sequence[str] = ()
    ) -> None:
        super().__init__(problems)
        self.held = tuple(held)
        """The editions that the other files do not complete."""
        self.drafts = tuple(drafts)
        """The topics that are unfinished, and hold nothing back."""


def look_further(  # noqa: PLR0913 - the parts of an export
    problems: Sequence[Problem],
    sources: Sources,
    rules: Rules,
    decided: Mapping[str, Decided],
    names: Collection[str],
    *,
    software: str,
    today: str,
    time: str,
    engine: Engine,
) -> FaultyFilesError:
    """Return the error for files with `problems`, with what the topics in `names` that have none give.

    Only what does not follow from those problems is said: an edition whose catalogue cannot be read is not
    said to lack translations, and that an accepted warning is not found may be due to what was not looked at.
    """
    faulty = {each.path for each in problems if each.level is Level.ERROR}
    sound = {name: each for name, each in decided.items() if topic_path(name) not in faulty and each.verdicts}
    chosen = choose_editions(sound.values(), today)
    found: dict[str, list[Problem]] = {name: [] for name in names if name in chosen.cards}
    if sources.is_sound:
        artifacts = Artifacts(
            sources=sources,
            rules=rules,
            store=None,
            software=software,
            decided=sound,
            chosen=chosen,
            names=found.keys(),
            time=time,
        )
        found = {name: [*each] for name, each in artifacts.export(engine).found.items()}
    for name in found.keys() & sound.keys():
        found[name] += check_published(sound[name], sound, chosen.cards, today)
    further = (
        problem for name in sorted(found) for problem in found[name] if _is_due(problem, sound.get(name))
    )
    held = filter(lambda each: each.topic in names and not _lacks_catalogue(each, faulty), chosen.held)
    drafts = drafts_in(map(decided.__getitem__, names))
    return FaultyFilesError(list(dict.fromkeys(chain(problems, further))), tuple(held), drafts)


def _lacks_catalogue(held: Held, faulty: Collection[str]) -> bool:
    """Return whether a catalogue that the edition is made with cannot be read."""
    names = (held.topic, *WORDS)
    return any(catalogue_path(LanguageTag(held.language), name) in faulty for name in names)


def _is_due(problem: Problem, decided: Decided | None) -> bool:
    """Return whether a problem is reported: an error, or a warning that the topic does not accept."""
    return problem.level is Level.ERROR or decided is None or problem.check not in decided.accepted
