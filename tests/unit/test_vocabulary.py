from healthtopics.vocabulary import Vocabulary

PACKAGED = (
    "schema/vocabulary/organizations.json",
    {
        "id": "organizations",
        "title": "Organizations",
        "entries": [{"id": "nih", "name": "NIH"}, {"id": "cdc", "name": "CDC"}],
    },
)
OWN = (
    "vocabulary/organizations.json",
    {
        "id": "organizations",
        "title": "Ours",
        "entries": [{"id": "us", "name": "Us"}, {"id": "nih", "name": "Institutes"}],
    },
)
GROUPS = (
    "schema/vocabulary/groups.json",
    {"id": "groups", "title": "Groups", "entries": [{"id": "lungs", "label": "Lungs"}]},
)


def test_later_entry_wins_in_place_of_the_first() -> None:
    merged = Vocabulary.merge([PACKAGED, OWN])
    assert [entry.name for entry in merged.entries["organizations"].values()] == ["Institutes", "CDC", "Us"]
    assert merged.keys("organizations") == ["nih", "cdc", "us"]


def test_entry_knows_its_file_and_its_place_there() -> None:
    entries = Vocabulary.merge([PACKAGED, OWN]).entries["organizations"]
    assert (entries["nih"].path, entries["nih"].pointer) == ("vocabulary/organizations.json", "/entries/1")
    assert (entries["cdc"].path, entries["cdc"].pointer) == (
        "schema/vocabulary/organizations.json",
        "/entries/1",
    )


def test_first_title_of_a_vocabulary_stays() -> None:
    title = Vocabulary.merge([PACKAGED, OWN]).titles["organizations"]
    assert (title.document, title.path) == (
        {"title": "Organizations"},
        "schema/vocabulary/organizations.json",
    )


def test_keys_are_looked_up_in_their_own_vocabulary() -> None:
    merged = Vocabulary.merge([PACKAGED, GROUPS])
    assert merged.has("groups", "lungs")
    assert not merged.has("organizations", "lungs")
    assert not merged.has("aspects", "lungs")
    assert merged.keys("aspects") == []


def test_walk_yields_every_entry_with_its_vocabulary() -> None:
    found = [(name, entry.name) for name, entry in Vocabulary.merge([GROUPS, PACKAGED]).walk()]
    assert found == [("groups", "Lungs"), ("organizations", "NIH"), ("organizations", "CDC")]


def test_name_of_an_entry_is_its_label_whatever_its_language() -> None:
    entries = [{"id": "barrio", "label": {"text": "Salud del barrio", "language": "es"}}]
    merged = Vocabulary.merge([("v.json", {"id": "groups", "title": "Groups", "entries": entries})])
    assert merged.entries["groups"]["barrio"].name == "Salud del barrio"
