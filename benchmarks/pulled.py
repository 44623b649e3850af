"""How many bytes a pull reads after one topic of a large collection has changed.

    python benchmarks/pulled.py [--topics 10000]

The manifest of a synthetic collection is split as `publish` does: four formats in two languages, documents of
20 kB. Nothing is published. It prints, in bytes: the pointer, the manifest and its changed parts with the
documents of the topic; and, apart, what else changes with it: the index, and the NDJSON files of its shard.
"""

import argparse
from hashlib import sha256

from healthtopics.release import COLLECTION, Artifact, Manifest, Previous, shard_of, split

LANGUAGES = ("en", "es")
FORMATS = (
    ("fhir-r4", "fhir/r4", ".json"),
    ("fhir-r5", "fhir/r5", ".json"),
    ("schemaorg", "schemaorg", ".jsonld"),
)
DOCUMENT = 20_000
"""Bytes of a document, about those of a MedlinePlus topic."""
POINTER = 700
CARD = 2_200
"""Bytes of a topic in `topics.json`."""
LINES = 100_000
"""Bytes of a topic in the NDJSON files of one version of FHIR."""
TYPES = ("Composition", "DocumentReference", "List")


def collection(topics: int) -> Manifest:
    """Return the manifest of a collection of that many topics."""
    files = {}

    def put(name: str, format_: str, topic: str = "", language: str = "") -> None:
        digest = sha256(name.encode()).hexdigest()
        files[name] = Artifact(
            sha256=digest,
            length=DOCUMENT,
            media_type="application/fhir+json",
            topic=topic,
            language=language,
            format=format_,
            inputs=digest,
        )

    names = [f"synthetic-topic-{number:05d}" for number in range(topics)]
    for topic in names:
        for language in LANGUAGES:
            for format_, folder, suffix in (*FORMATS, ("html", "html", ".html")):
                put(f"{folder}/{language}/{topic}{suffix}", format_, topic, language)
        for version in ("r4", "r5"):
            put(f"fhir/{version}/List/{topic}-translations.json", f"fhir-{version}", topic)
    for version in ("r4", "r5"):
        for shard in range(64):
            for type_ in TYPES:
                put(f"fhir/{version}/ndjson/{type_}-{shard:02x}.ndjson", f"fhir-{version}")
        for number in range(25):
            put(f"fhir/{version}/Organization/organization-{number}.json", f"fhir-{version}")
    put("topics.json", "index")
    counts = {"messages": 60, "translated": 60, "missing": 0, "fuzzy": 0, "blocked": 0}
    return Manifest(
        number=2,
        previous=Previous(1, sha256(b"1").hexdigest()),
        time="2026-11-30T06:00:00Z",
        base_url="https://topics.example.org",
        software="benchmark",
        languages=LANGUAGES,
        coverage={topic: dict.fromkeys(LANGUAGES, counts) for topic in names},
        held=(),
        files=dict(sorted(files.items())),
    )


def main() -> None:
    """Print the sizes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--topics", type=int, default=10_000)
    topics = parser.parse_args().topics
    manifest = collection(topics)
    stored = split(manifest)
    shards = {name: len(text) for name, text in stored.parts.items() if name != COLLECTION}
    documents = sum(each.length for each in manifest.files.values() if each.topic == "synthetic-topic-00000")
    in_shard = sum(
        f"{shard_of(topic):02x}" == max(shards, key=shards.__getitem__) for topic in manifest.coverage
    )
    parts = len(stored.parts[COLLECTION]) + max(shards.values())
    rows = {
        "manifest.json": len(stored.text),
        "its two changed parts, of 65": parts,
        "all its parts": sum(map(len, stored.parts.values())),
        "the documents of the topic": documents,
        "pointer, manifest, changed parts, documents": POINTER + len(stored.text) + parts + documents,
        "besides: topics.json": topics * CARD,
        "besides: NDJSON files of the shard": 2 * in_shard * LINES,
    }
    for what, size in rows.items():
        print(f"{size:>12,}  {what}")


if __name__ == "__main__":
    main()
