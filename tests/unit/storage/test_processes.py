import os

from healthtopics.storage.processes import Processes


def test_work_is_done_elsewhere_and_in_order() -> None:
    with Processes() as executor:
        assert list(executor.map(abs, [-3, 2, -1])) == [3, 2, 1]
        assert executor.submit(os.getpid).result() != os.getpid()


def test_without_work_nothing_is_started() -> None:
    with Processes() as executor:
        pass
    assert "_pool" not in vars(executor)
