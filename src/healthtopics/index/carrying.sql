-- Takes over what the index before, `earlier`, says of files and editions. SQLite copies it by itself: that is
-- hundreds of rows for each topic. `CROSS JOIN` and `+` keep SQLite from looking through all of them for each file.

INSERT INTO temp.sections
SELECT known.*
FROM earlier.sections AS known CROSS JOIN carried_texts AS stays
    ON stays.topic = +known.topic AND stays.language = +known.language;

INSERT INTO temp.links
SELECT known.*
FROM earlier.links AS known CROSS JOIN carried_texts AS stays
    ON stays.topic = +known.topic AND stays.language = +known.language;

INSERT INTO temp.link_organizations
SELECT known.*
FROM earlier.link_organizations AS known CROSS JOIN carried_texts AS stays
    ON stays.topic = +known.topic AND stays.language = +known.language;

INSERT INTO temp.versions
SELECT fhir, type, id, version_id, last_updated, carried_files.file, "offset", length, carried_files.is_current
FROM earlier.versions AS known CROSS JOIN carried_files ON carried_files.before = +known.file;

CREATE TEMP TABLE numbers (before INTEGER PRIMARY KEY, number INTEGER NOT NULL, file INTEGER NOT NULL);

INSERT INTO numbers
SELECT known.number, known.number - first + carried_files.number, carried_files.file
FROM carried_files CROSS JOIN earlier.fhir_resources AS known
    ON known.number >= first AND known.number < first + resources;

INSERT INTO fhir_resources
SELECT numbers.number, fhir, type, id, last_updated, numbers.file
FROM numbers CROSS JOIN earlier.fhir_resources AS known ON known.number = numbers.before;

INSERT OR IGNORE INTO stored_kinds  -- those that no resource has any more are removed at the end, and so are values
SELECT * FROM earlier.stored_kinds;

INSERT OR IGNORE INTO stored_values
SELECT * FROM earlier.stored_values;

INSERT INTO fhir_matches
SELECT "key", numbers.number
FROM earlier.fhir_matches AS known CROSS JOIN numbers ON numbers.before = known.resource;

INSERT INTO fhir_systems
SELECT numbers.number, url, facts
FROM earlier.fhir_systems AS known CROSS JOIN numbers ON numbers.before = known.resource;

INSERT INTO fhir_concepts
SELECT numbers.number, position, code, is_active, words
FROM earlier.fhir_concepts AS known CROSS JOIN numbers ON numbers.before = known.resource;

INSERT INTO fhir_concept_contents
SELECT numbers.number, position, concept
FROM earlier.fhir_concept_contents AS known CROSS JOIN numbers ON numbers.before = known.resource;

DROP TABLE numbers
