import digests
from digests import Digest

R4: Digest = {"artifacts": 8, "sha256": "ab" * 32}
R5: Digest = {"artifacts": 8, "sha256": "cd" * 32}


def test_equal_results_have_no_differences() -> None:
    result = {"bundled": {"fhir-r4": R4, "fhir-r5": R5}}
    assert list(digests.differences(result, result)) == []


def test_difference_names_collection_format_and_both_results() -> None:
    before = {"bundled": {"fhir-r4": R4, "fhir-r5": R5}, "extract": {"fhir-r4": R4}}
    after = {"bundled": {"fhir-r4": R5, "fhir-r5": R5}, "synthetic": {"fhir-r4": R4}}
    assert list(digests.differences(before, after)) == [
        "bundled, fhir-r4: 8 artifacts abababababab before, 8 artifacts cdcdcdcdcdcd now",
        "extract, fhir-r4: 8 artifacts abababababab before, nothing now",
        "synthetic, fhir-r4: nothing before, 8 artifacts abababababab now",
    ]
