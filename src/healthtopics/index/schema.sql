-- topics.sqlite, an artifact of every release: docs/exports.md describes it for partners, docs/adr/0018-the-index.md
-- why it is so. index/rows.py has a row of each table; a new column is added there, too, at the same place.
--
-- What many rows would repeat is stored once, and they have its number: editions, and `texts`. Over each such table,
-- `stored_…`, there is a view with the words, which is what to query. Its joins are outer ones, as SQLite leaves those
-- out that a query has no use for. index/filling.sql fills the tables.
--
-- Tables have no rowid where they can do without: VACUUM then stores their rows in the order of the key, whatever
-- the order in which they were written. Instants are `YYYY-MM-DDTHH:MM:SSZ`, days `YYYY-MM-DD`.

CREATE TABLE release (  -- one row
    number INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    base_url TEXT NOT NULL,
    software TEXT NOT NULL,
    index_version INTEGER NOT NULL,
    languages TEXT NOT NULL,        -- a JSON array of tags, the source language first
    fhir_search TEXT NOT NULL,      -- a digest of the search parameters whose values are in `fhir_values`
    emergency_numbers TEXT NOT NULL,  -- a JSON array: what readers call in an emergency, in the region of the topics
    contact TEXT NOT NULL,          -- where readers report a problem with a page: https: or mailto:; empty for nowhere
    trial INTEGER NOT NULL          -- 1 if the publisher only tries things out; otherwise 0
);

CREATE TABLE releases (             -- this one, and those before it
    number INTEGER PRIMARY KEY,
    time TEXT NOT NULL
);

CREATE TABLE texts (                -- what many rows have: ids of topics, names of organizations, formats, instants
    id INTEGER PRIMARY KEY,         -- in the order of the texts
    text TEXT NOT NULL UNIQUE
);

CREATE TABLE stored_changes (
    release INTEGER NOT NULL,
    topic INTEGER NOT NULL,         -- a text, as is the format
    language TEXT NOT NULL,
    format INTEGER NOT NULL,
    change TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (release, topic, language, format, change)
) WITHOUT ROWID;
CREATE VIEW changes AS              -- of artifacts, by release
    SELECT
        release,
        topics.text AS topic,       -- empty for what spans all topics
        language,                   -- empty for what spans all languages
        formats.text AS format,
        change,                     -- added, changed, removed
        reason                      -- what was corrected; mostly empty
    FROM stored_changes
        LEFT JOIN texts AS topics ON topics.id = stored_changes.topic
        LEFT JOIN texts AS formats ON formats.id = stored_changes.format;

CREATE TABLE topics (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE stored_editions (
    id INTEGER PRIMARY KEY,         -- by language, then in the order of titles; the rowid in the table for search
    topic TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    letter TEXT NOT NULL,           -- of an A to Z: a capital without accent, Ñ in Spanish, # for what starts with no letter
    sort TEXT NOT NULL,             -- orders titles by code point as readers of the language expect
    page TEXT NOT NULL,             -- the canonical address
    description TEXT NOT NULL,
    created TEXT NOT NULL,          -- the day on which the edition was first published; empty if not known
    updated TEXT NOT NULL,          -- an instant: when its content last changed
    since TEXT NOT NULL,            -- an instant: the first release with its documents as they are
    review_by TEXT NOT NULL,        -- a day, or empty
    state TEXT NOT NULL,            -- complete; held: that of an earlier release; fallback: some of it is in English
    as_of TEXT NOT NULL,            -- the instant of a held edition; otherwise empty
    content TEXT NOT NULL,          -- digest of the content without its dates
    licence TEXT NOT NULL,          -- the address of its terms of use; empty if they have none
    UNIQUE (topic, language)
);
CREATE INDEX editions_by_title ON stored_editions (language, sort, topic);
CREATE INDEX editions_by_date ON stored_editions (language, updated);
CREATE VIEW editions AS
    SELECT topic, language, title, letter, sort, page, description, created, updated, since, review_by, state, as_of,
        content, licence
    FROM stored_editions;
CREATE VIEW search_rows AS          -- where editions are in the table for search of their language: its rowid
    SELECT topic, language, id AS row FROM stored_editions;

CREATE TABLE stored_names (
    edition INTEGER NOT NULL,
    kind TEXT NOT NULL,             -- title, synonym, or index-term: a word to find the topic by, never a name of it
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    stems TEXT NOT NULL,            -- of its words, as in the tables for search, separated by spaces
    PRIMARY KEY (edition, kind, position)
) WITHOUT ROWID;
CREATE INDEX names_by_stems ON stored_names (stems);
CREATE VIEW names AS
    SELECT topic, language, kind, position, text, stems
    FROM stored_names LEFT JOIN stored_editions AS edition ON edition.id = stored_names.edition;

CREATE TABLE codes (
    topic TEXT NOT NULL,
    system TEXT NOT NULL,           -- the key of the vocabulary: mesh, icd-10-cm
    uri TEXT NOT NULL,              -- the system in FHIR; empty if not known
    oid TEXT NOT NULL,              -- the system in HL7 V3; empty if not known
    code TEXT NOT NULL,
    plain TEXT NOT NULL,            -- in capitals and without dots: O034
    display TEXT NOT NULL,
    PRIMARY KEY (topic, system, code)
) WITHOUT ROWID;
CREATE INDEX codes_by_plain ON codes (plain, system);

CREATE TABLE groups (
    id TEXT NOT NULL,
    language TEXT NOT NULL,
    position INTEGER NOT NULL,      -- in the vocabulary, the order in which readers see them
    label TEXT NOT NULL,
    PRIMARY KEY (id, language)
) WITHOUT ROWID;

CREATE TABLE stored_topic_groups (  -- its key comes first: where not, integrity_check of SQLite 3.40 finds NULL values
    topic INTEGER NOT NULL,         -- a text, as is the group
    position INTEGER NOT NULL,
    group_id INTEGER NOT NULL,
    PRIMARY KEY (topic, position)
) WITHOUT ROWID;
CREATE INDEX topics_by_group ON stored_topic_groups (group_id, topic);
CREATE VIEW topic_groups AS
    SELECT topics.text AS topic, position, groups.text AS group_id
    FROM stored_topic_groups
        LEFT JOIN texts AS topics ON topics.id = stored_topic_groups.topic
        LEFT JOIN texts AS groups ON groups.id = stored_topic_groups.group_id;

CREATE TABLE categories (           -- of links
    id TEXT NOT NULL,
    language TEXT NOT NULL,
    position INTEGER NOT NULL,      -- in the vocabulary, the order in which readers see them
    label TEXT NOT NULL,
    PRIMARY KEY (id, language)
) WITHOUT ROWID;

CREATE TABLE stored_sections (      -- with a rowid, as the pages of such tables have room for longer rows
    edition INTEGER NOT NULL,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,               -- the fragment of its address
    aspect TEXT NOT NULL,           -- overview, causes, symptoms …; empty where no FHIR document says it
    heading TEXT NOT NULL,
    text TEXT NOT NULL,             -- plain, a line for each paragraph or item, with its callouts in reading order
    PRIMARY KEY (edition, position)
);
CREATE VIEW sections AS
    SELECT topic, language, position, stored_sections.id AS id, aspect, heading, text
    FROM stored_sections LEFT JOIN stored_editions AS edition ON edition.id = stored_sections.edition;

CREATE TABLE pages (                -- elsewhere, as links name them
    id INTEGER PRIMARY KEY,         -- in the order of the addresses
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL          -- empty if not known
);
CREATE TABLE stored_links (
    edition INTEGER NOT NULL,
    category INTEGER NOT NULL,      -- a text
    position INTEGER NOT NULL,
    page INTEGER NOT NULL,          -- the id in `pages`
    PRIMARY KEY (edition, category, position)
) WITHOUT ROWID;
CREATE VIEW links AS
    SELECT topic, edition.language AS language, category.text AS category, position, page.title AS title, url,
        page.language AS page_language
    FROM stored_links
        LEFT JOIN stored_editions AS edition ON edition.id = stored_links.edition
        LEFT JOIN texts AS category ON category.id = stored_links.category
        LEFT JOIN pages AS page ON page.id = stored_links.page;

CREATE TABLE stored_link_organizations (
    edition INTEGER NOT NULL,
    category INTEGER NOT NULL,      -- a text, as is the organization
    position INTEGER NOT NULL,      -- of the link
    organization INTEGER NOT NULL,  -- its name as the edition has it, in its language or in English
    PRIMARY KEY (edition, category, position, organization)
) WITHOUT ROWID;
CREATE VIEW link_organizations AS
    SELECT topic, language, category.text AS category, position, organization.text AS organization
    FROM stored_link_organizations AS stored
        LEFT JOIN stored_editions AS edition ON edition.id = stored.edition
        LEFT JOIN texts AS category ON category.id = stored.category
        LEFT JOIN texts AS organization ON organization.id = stored.organization;

CREATE TABLE organizations (
    id TEXT NOT NULL,
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    PRIMARY KEY (id, language)
) WITHOUT ROWID;

CREATE TABLE site_words (           -- of the pages around the topics
    language TEXT PRIMARY KEY,
    words TEXT NOT NULL             -- a JSON object: `site` in topics.json
) WITHOUT ROWID;

CREATE TABLE stored_related (
    topic INTEGER NOT NULL,         -- a text, as is the related one
    position INTEGER NOT NULL,
    related INTEGER NOT NULL,
    PRIMARY KEY (topic, position)
) WITHOUT ROWID;
CREATE VIEW related AS
    SELECT
        topics.text AS topic,
        position,
        others.text AS related      -- the id of a topic, which may be withdrawn
    FROM stored_related
        LEFT JOIN texts AS topics ON topics.id = stored_related.topic
        LEFT JOIN texts AS others ON others.id = stored_related.related;

CREATE TABLE corrections (
    topic TEXT NOT NULL,
    language TEXT NOT NULL,
    position INTEGER NOT NULL,
    date TEXT NOT NULL,             -- a day
    what TEXT NOT NULL,
    PRIMARY KEY (topic, language, position)
) WITHOUT ROWID;

CREATE TABLE tombstones (           -- topics that were published once and are not now
    topic TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,            -- the last one
    date TEXT NOT NULL,             -- an instant: the first release without the topic
    PRIMARY KEY (topic, language)
) WITHOUT ROWID;

CREATE TABLE stored_artifacts (
    name TEXT PRIMARY KEY,          -- relative to the base URL
    sha256 BLOB NOT NULL,           -- as bytes
    length INTEGER NOT NULL,        -- in bytes
    media_type INTEGER NOT NULL,    -- a text, as are the topic, the format and since
    topic INTEGER NOT NULL,
    language TEXT NOT NULL,
    format INTEGER NOT NULL,
    since INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX artifacts_by_topic ON stored_artifacts (topic, language, format);
CREATE VIEW artifacts AS            -- all of the release, except this file
    SELECT
        name,
        lower(hex(sha256)) AS sha256,
        length,
        media_types.text AS media_type,
        topics.text AS topic,       -- empty for what spans all topics
        language,                   -- empty for what spans all languages
        formats.text AS format,
        instants.text AS since      -- an instant: the first release with these bytes under this name
    FROM stored_artifacts
        LEFT JOIN texts AS media_types ON media_types.id = stored_artifacts.media_type
        LEFT JOIN texts AS topics ON topics.id = stored_artifacts.topic
        LEFT JOIN texts AS formats ON formats.id = stored_artifacts.format
        LEFT JOIN texts AS instants ON instants.id = stored_artifacts.since;

CREATE TABLE stored_files (
    id INTEGER PRIMARY KEY,
    artifact TEXT NOT NULL,         -- its name
    sha256 BLOB NOT NULL,           -- as bytes
    until TEXT NOT NULL             -- an instant: the first release without it; empty if it is of this release
);
CREATE VIEW files AS                -- that FHIR resources are in, of this release and of earlier ones
    SELECT id, artifact, lower(hex(sha256)) AS sha256, until FROM stored_files;

CREATE TABLE stored_resources (     -- of FHIR: the type and id of each, whatever its versions
    type INTEGER NOT NULL,          -- a text
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (type, id)
) WITHOUT ROWID;
CREATE TABLE stored_versions (
    resource INTEGER NOT NULL,      -- its number
    fhir INTEGER NOT NULL,          -- a text: 4.0, 5.0
    version_id BLOB NOT NULL,       -- as bytes, if it is hexadecimal; otherwise a text
    file INTEGER NOT NULL,          -- the id in `files`
    last_updated INTEGER NOT NULL,  -- a text
    "offset" INTEGER NOT NULL,      -- in bytes, where the resource begins in the file
    length INTEGER NOT NULL,        -- in bytes
    is_current INTEGER NOT NULL,    -- 1 if it is that of this release, otherwise 0
    PRIMARY KEY (resource, fhir, version_id, file)
) WITHOUT ROWID;
CREATE VIEW versions AS             -- of FHIR resources; one that several files have is there for each
    SELECT
        fhir.text AS fhir,
        types.text AS type,
        resource.id AS id,
        CASE typeof(version_id) WHEN 'blob' THEN lower(hex(version_id)) ELSE version_id END AS version_id,
        instants.text AS last_updated,
        file,
        "offset",
        length,
        is_current
    FROM stored_resources AS resource JOIN stored_versions ON stored_versions.resource = resource.number
        LEFT JOIN texts AS fhir ON fhir.id = stored_versions.fhir
        LEFT JOIN texts AS types ON types.id = resource.type
        LEFT JOIN texts AS instants ON instants.id = stored_versions.last_updated;
CREATE VIEW resources AS            -- each version once; those of earlier releases stay, their files may be pruned
    SELECT fhir, type, one.id AS id, version_id, last_updated, artifact, sha256, "offset", length, is_current
    FROM versions AS one JOIN files ON files.id = one.file
    WHERE NOT EXISTS (
        SELECT 1 FROM versions AS other
        WHERE other.fhir = one.fhir AND other.type = one.type AND other.id = one.id
            AND other.version_id = one.version_id AND other.file < one.file
    );

CREATE TABLE stored_deletions (
    fhir INTEGER NOT NULL,          -- a text, as is the date
    date INTEGER NOT NULL,
    resource INTEGER NOT NULL,      -- its number
    PRIMARY KEY (fhir, date, resource)
) WITHOUT ROWID;
CREATE VIEW deletions AS            -- of FHIR resources that were in earlier releases and are not in this one
    SELECT
        fhir.text AS fhir,
        types.text AS type,
        resource.id AS id,
        dates.text AS date          -- an instant: the first release without the resource
    FROM stored_deletions
        LEFT JOIN texts AS fhir ON fhir.id = stored_deletions.fhir
        LEFT JOIN texts AS dates ON dates.id = stored_deletions.date
        LEFT JOIN stored_resources AS resource ON resource.number = stored_deletions.resource
        LEFT JOIN texts AS types ON types.id = resource.type;

CREATE TABLE fhir_resources (       -- of this release
    number INTEGER PRIMARY KEY,     -- in the order of `files`, then of the lines of a file
    fhir TEXT NOT NULL,             -- 4.0, 5.0
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    last_updated TEXT NOT NULL,
    file INTEGER NOT NULL           -- the id in `files`
);
CREATE INDEX fhir_resources_by_type ON fhir_resources (fhir, type);
CREATE INDEX fhir_resources_by_id ON fhir_resources (fhir, type, id);
CREATE INDEX fhir_resources_by_time ON fhir_resources (fhir, type, last_updated);

CREATE TABLE stored_kinds (           -- of values: the search parameters that some resource has
    fhir TEXT NOT NULL,             -- 4.0, 5.0
    type TEXT NOT NULL,             -- of the resource
    parameter TEXT NOT NULL,        -- the search parameter; with `:identifier`, the identifier of a reference
    id INTEGER NOT NULL,            -- made from the type and the parameter, so that versions share the values
    shift INTEGER NOT NULL,         -- by which keys of values differ between versions
    PRIMARY KEY (fhir, type, parameter)
) WITHOUT ROWID;
CREATE TABLE stored_values (
    kind INTEGER NOT NULL,
    value TEXT NOT NULL,
    system TEXT NOT NULL,
    "key" INTEGER NOT NULL,         -- made from the other columns
    PRIMARY KEY (kind, value, system)
) WITHOUT ROWID;
CREATE VIEW fhir_values AS          -- by which resources are found; in this version, there may be none that has it
    SELECT
        fhir,
        type,
        parameter,
        value,                      -- a string in lower case and without accents; of a date, when it begins
        system,                     -- of a token; of a string, as it is written; of a date, when it ends; or empty
        "key" + shift AS "key"
    FROM stored_kinds CROSS JOIN stored_values ON stored_values.kind = stored_kinds.id;

CREATE TABLE fhir_matches (         -- which resources have a value
    "key" INTEGER NOT NULL,         -- in `fhir_values`
    resource INTEGER NOT NULL,      -- the number in `fhir_resources`
    PRIMARY KEY ("key", resource)
) WITHOUT ROWID;

CREATE TABLE fhir_systems (         -- the code systems of this release
    resource INTEGER PRIMARY KEY,   -- the number of the CodeSystem in `fhir_resources`
    url TEXT NOT NULL,              -- its canonical address, the same in each version of FHIR
    facts TEXT NOT NULL             -- the CodeSystem without its concepts and its text, JSON
);

CREATE TABLE fhir_concepts (        -- of these code systems
    resource INTEGER NOT NULL,      -- the number of the CodeSystem in `fhir_resources`
    position INTEGER NOT NULL,      -- in the CodeSystem, from 0
    code TEXT NOT NULL,
    is_active INTEGER NOT NULL,     -- 0 if what it stood for was withdrawn, otherwise 1
    words TEXT NOT NULL,            -- the code, display and designations, in lower case and without accents
    PRIMARY KEY (resource, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX fhir_concepts_by_code ON fhir_concepts (resource, code);

CREATE TABLE fhir_concept_contents (  -- apart, so that all words of a code system are read quickly
    resource INTEGER NOT NULL,      -- as in `fhir_concepts`
    position INTEGER NOT NULL,
    concept TEXT NOT NULL,          -- as the CodeSystem has it, JSON
    PRIMARY KEY (resource, position)
) WITHOUT ROWID;
