from datetime import UTC, datetime, timedelta

import pytest
import typer

from healthtopics.cli.clock import moment, now
from healthtopics.cli.common import known_topics, print_table, progress_bar


class TestMoment:
    def test_now(self) -> None:
        assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)

    @pytest.mark.parametrize(
        "text",
        ["2026-11-20T06:00:00Z", "2026-11-20T06:00:00", "2026-11-20T08:00:00+02:00", "2026-11-20 06:00"],
    )
    def test_without_a_zone_it_is_utc(self, text: str) -> None:
        assert moment(text) == datetime(2026, 11, 20, 6, tzinfo=UTC)

    def test_a_day_is_its_beginning(self) -> None:
        assert moment("2026-11-20") == datetime(2026, 11, 20, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "1763618400", "9999-12-31", "0001-01-01"])
    def test_anything_else_is_wrong_usage(self, text: str) -> None:
        with pytest.raises(typer.BadParameter, match="is not a moment like 2026-11-20T06:00:00Z"):
            moment(text)


class TestKnownTopics:
    def test_all_if_none_is_named(self) -> None:
        assert known_topics(None, ["a", "b"]) == ["a", "b"]

    def test_those_that_are_named(self) -> None:
        assert known_topics(["b"], ["a", "b"]) == ["b"]

    @pytest.mark.parametrize(
        ("known", "said"),
        [
            (["asthma", "cough"], "Did you mean 'asthma'?"),
            (["x", "y"], "There are: x, y."),
            ([str(number) for number in range(12)], "There are: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …."),
            ([], "There are none yet."),
        ],
    )
    def test_an_unknown_one_is_wrong_usage(self, known: list[str], said: str) -> None:
        with pytest.raises(typer.BadParameter) as raised:
            known_topics(["astma"], known)
        assert str(raised.value) == f"there is no topic 'astma'. {said}"


def test_a_table_has_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["topic", "messages", ""], [["asthma", 7, "held"], ["flu", 110, ""]])
    assert capsys.readouterr().out.splitlines() == [
        "topic   messages",
        "asthma         7  held",
        "flu          110",
    ]


def test_a_table_without_rows_has_heads(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["topic", "messages"], [])
    assert capsys.readouterr().out == "topic  messages\n"


class TestProgressBar:
    def test_nothing_without_a_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        with progress_bar("Working") as progress:
            progress(1, 2)
        assert capsys.readouterr() == ("", "")

    @pytest.mark.parametrize(
        ("moments", "is_shown"),
        [((0.0, 1.9), False), ((0.0, 2.0), True), ((0.0, 1.0, 3.0), True), ((0.0,), False)],
    )
    def test_a_bar_on_a_terminal_after_two_seconds(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        moments: tuple[float, ...],
        *,
        is_shown: bool,
    ) -> None:
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        monkeypatch.setenv("TERM", "xterm")
        with progress_bar("Working", clock=iter(moments).__next__) as progress:
            for number in range(1, len(moments)):
                progress(number, 2)
        said = capsys.readouterr().err
        assert ("Working" in said) == is_shown
        assert is_shown or said == ""
