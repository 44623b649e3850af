-- Fills the tables `stored_…` with the rows that were given, which are in temporary tables with the names and columns
-- of the views. Ids follow the order of what they stand for, so that the order in which rows were given does not
-- matter. A row of an edition that there is not is refused, as its id would be NULL.

INSERT INTO texts (text)
SELECT topic FROM temp.changes
UNION SELECT format FROM temp.changes
UNION SELECT topic FROM temp.topic_groups
UNION SELECT group_id FROM temp.topic_groups
UNION SELECT topic FROM temp.related
UNION SELECT related FROM temp.related
UNION SELECT category FROM temp.links
UNION SELECT category FROM temp.link_organizations
UNION SELECT organization FROM temp.link_organizations
UNION SELECT media_type FROM temp.artifacts
UNION SELECT topic FROM temp.artifacts
UNION SELECT format FROM temp.artifacts
UNION SELECT since FROM temp.artifacts
UNION SELECT fhir FROM temp.versions
UNION SELECT type FROM temp.versions
UNION SELECT last_updated FROM temp.versions
UNION SELECT until FROM temp.files
ORDER BY 1;

INSERT INTO stored_changes
SELECT release, topics.id, language, formats.id, change, reason
FROM temp.changes AS given
    JOIN texts AS topics ON topics.text = given.topic
    JOIN texts AS formats ON formats.text = given.format
ORDER BY 1, 2, 3, 4, 5;

INSERT INTO stored_topic_groups
SELECT topics.id, position, groups.id
FROM temp.topic_groups AS given
    JOIN texts AS topics ON topics.text = given.topic
    JOIN texts AS groups ON groups.text = given.group_id
ORDER BY 1, 2;

INSERT INTO stored_related
SELECT topics.id, position, others.id
FROM temp.related AS given
    JOIN texts AS topics ON topics.text = given.topic
    JOIN texts AS others ON others.text = given.related
ORDER BY 1, 2;

INSERT INTO stored_editions
SELECT NULL, * FROM temp.editions ORDER BY language, sort, topic;

INSERT INTO stored_names
SELECT edition.id, kind, position, text, stems
FROM temp.names AS given LEFT JOIN stored_editions AS edition USING (topic, language)
ORDER BY 1, 2, 3;

INSERT INTO stored_sections
SELECT edition.id, position, given.id, aspect, heading, text
FROM temp.sections AS given LEFT JOIN stored_editions AS edition USING (topic, language)
ORDER BY 1, 2;

INSERT INTO pages (url, title, language)
SELECT DISTINCT url, title, page_language FROM temp.links ORDER BY 1, 2, 3;

INSERT INTO stored_links
SELECT edition.id, texts.id, position, pages.id
FROM temp.links AS given
    JOIN texts ON texts.text = given.category
    JOIN pages ON pages.url = given.url AND pages.title = given.title AND pages.language = given.page_language
    LEFT JOIN stored_editions AS edition ON edition.topic = given.topic AND edition.language = given.language
ORDER BY 1, 2, 3;

INSERT INTO stored_link_organizations
SELECT edition.id, categories.id, position, organizations.id
FROM temp.link_organizations AS given
    JOIN texts AS categories ON categories.text = given.category
    JOIN texts AS organizations ON organizations.text = given.organization
    LEFT JOIN stored_editions AS edition USING (topic, language)
ORDER BY 1, 2, 3, 4;

INSERT INTO stored_artifacts
SELECT name, packed(sha256), length, media_types.id, topics.id, language, formats.id, instants.id
FROM temp.artifacts AS given
    JOIN texts AS media_types ON media_types.text = given.media_type
    JOIN texts AS topics ON topics.text = given.topic
    JOIN texts AS formats ON formats.text = given.format
    JOIN texts AS instants ON instants.text = given.since
ORDER BY 1;

INSERT INTO stored_files
SELECT id, artifact, packed(sha256), until FROM temp.files
ORDER BY 1;

INSERT INTO stored_resources
SELECT type, id, row_number() OVER (ORDER BY type, id)
FROM (SELECT DISTINCT texts.id AS type, given.id AS id FROM temp.versions AS given JOIN texts ON text = type);

INSERT INTO stored_versions
SELECT number, fhir.id, packed(version_id), file, instants.id, "offset", length, is_current
FROM temp.versions AS given
    JOIN texts AS fhir ON fhir.text = given.fhir
    JOIN texts AS types ON types.text = given.type
    JOIN stored_resources AS resource ON resource.type = types.id AND resource.id = given.id
    JOIN texts AS instants ON instants.text = given.last_updated
WHERE is_current
ORDER BY 1, 2, 3, 4;

-- A version that the release has is not one of earlier releases; those have each in one file, that which stayed longest.
INSERT INTO stored_versions
SELECT number, fhir.id, packed(version_id), file, instants.id, "offset", length, is_current
FROM (
        SELECT
            earlier.*,
            row_number() OVER (PARTITION BY fhir, type, earlier.id, version_id ORDER BY until DESC, file) AS place
        FROM temp.versions AS earlier JOIN stored_files ON stored_files.id = file
        WHERE NOT is_current
    ) AS given
    JOIN texts AS fhir ON fhir.text = given.fhir
    JOIN texts AS types ON types.text = given.type
    JOIN stored_resources AS resource ON resource.type = types.id AND resource.id = given.id
    JOIN texts AS instants ON instants.text = given.last_updated
WHERE place = 1 AND NOT EXISTS (
    SELECT 1 FROM stored_versions AS known
    WHERE known.resource = number AND known.fhir = fhir.id AND known.version_id = packed(given.version_id)
)
ORDER BY 1, 2, 3, 4;

DELETE FROM stored_files WHERE id NOT IN (SELECT file FROM stored_versions);

INSERT INTO stored_deletions
SELECT fhir, texts.id, resource
FROM (
        SELECT fhir, resource, max(until) AS date
        FROM stored_versions JOIN stored_files ON stored_files.id = file
        GROUP BY resource, fhir HAVING NOT max(is_current)
    )
    JOIN texts ON text = date
ORDER BY 1, 2, 3;

DELETE FROM stored_values  -- those that no resource has any more
WHERE NOT EXISTS (
    SELECT 1 FROM stored_kinds CROSS JOIN fhir_matches ON fhir_matches."key" = stored_values."key" + shift
    WHERE stored_kinds.id = stored_values.kind
);

DELETE FROM stored_kinds
WHERE NOT EXISTS (
    SELECT 1 FROM stored_values CROSS JOIN fhir_matches ON fhir_matches."key" = stored_values."key" + shift
    WHERE stored_values.kind = stored_kinds.id
)
