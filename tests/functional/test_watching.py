"""`healthtopics check --watch`: again after each save, until Ctrl-C."""

from support.terminals import Terminal
from support.workspaces import Workspace


def test_each_save_is_checked(fresh: Workspace) -> None:
    with Terminal("check", "--watch", folder=fresh.folder) as terminal:
        terminal.expect("Ctrl-C ends this")
        terminal.expect("3 topics checked: no problems")
        fresh.edit_topic("cough", lambda topic: topic.pop("title"))
        terminal.expect("topics/cough.json")
        terminal.expect("3 topics checked: 1 error")
        configuration = (fresh.folder / "healthtopics.toml").read_text()
        fresh.write("healthtopics.toml", "base_url =")
        terminal.expect("configuration-toml")
        terminal.expect("3 topics checked: 2 errors. Fix the 2 errors.")
        fresh.write("healthtopics.toml", configuration)
        terminal.expect("3 topics checked: 1 error")
        fresh.edit_topic("cough", lambda topic: topic.update(title="Cough"))
        terminal.expect("3 topics checked: no problems")
        terminal.send("\x03")
        assert terminal.end() == 130
    assert "Traceback" not in terminal.shown


def test_a_document_has_no_end(fresh: Workspace) -> None:
    assert "--watch: it never ends" in fresh.run("check", "--watch", "--json", code=2).json["message"]
