import pulled
from healthtopics.release import split


def test_what_is_read_after_one_changed_topic_is_a_fraction_of_the_manifest() -> None:
    stored = split(pulled.collection(200))
    assert len(stored.text) < 10_000
    assert max(map(len, stored.parts.values())) < sum(map(len, stored.parts.values())) / 8
