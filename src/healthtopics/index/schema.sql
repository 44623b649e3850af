-- topics.sqlite, an artifact of every release: docs/exports.md describes it for partners, docs/adr/0018-the-index.md
-- why it is so. index/rows.py has a row of each table; a new column is added there, too, at the same place.
--
-- Tables have no rowid where they can do without: VACUUM then stores their rows in the order of the key, whatever
-- the order in which they were written. Instants are `YYYY-MM-DDTHH:MM:SSZ`, days `YYYY-MM-DD`.

CREATE TABLE release (  -- one row
    number INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    base_url TEXT NOT NULL,
    software TEXT NOT NULL,
    index_version INTEGER NOT NULL,
    languages TEXT NOT NULL         -- a JSON array of tags, the source language first
);

CREATE TABLE releases (             -- this one, and those before it
    number INTEGER PRIMARY KEY,
    time TEXT NOT NULL
);

CREATE TABLE changes (              -- of artifacts, by release
    release INTEGER NOT NULL,
    topic TEXT NOT NULL,            -- empty for what spans all topics
    language TEXT NOT NULL,         -- empty for what spans all languages
    format TEXT NOT NULL,
    change TEXT NOT NULL,           -- added, changed, removed
    reason TEXT NOT NULL,           -- what was corrected; mostly empty
    PRIMARY KEY (release, topic, language, format, change)
) WITHOUT ROWID;

CREATE TABLE topics (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE editions (
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
    PRIMARY KEY (topic, language)
) WITHOUT ROWID;
CREATE INDEX editions_by_title ON editions (language, sort, topic);
CREATE INDEX editions_by_date ON editions (language, updated);

CREATE TABLE names (
    topic TEXT NOT NULL,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,             -- title, synonym, or index-term: a word to find the topic by, never a name of it
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    stems TEXT NOT NULL,            -- of its words, as in the tables for search, separated by spaces
    PRIMARY KEY (topic, language, kind, position)
) WITHOUT ROWID;
CREATE INDEX names_by_stems ON names (stems, language);

CREATE TABLE search_rows (          -- where editions are in the table for search of their language
    topic TEXT NOT NULL,
    language TEXT NOT NULL,
    row INTEGER NOT NULL,           -- its rowid
    PRIMARY KEY (topic, language)
) WITHOUT ROWID;

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

CREATE TABLE topic_groups (         -- its key comes first: where not, integrity_check of SQLite 3.40 finds NULL values
    topic TEXT NOT NULL,
    position INTEGER NOT NULL,
    group_id TEXT NOT NULL,
    PRIMARY KEY (topic, position)
) WITHOUT ROWID;
CREATE INDEX topics_by_group ON topic_groups (group_id, topic);

CREATE TABLE categories (           -- of links
    id TEXT NOT NULL,
    language TEXT NOT NULL,
    position INTEGER NOT NULL,      -- in the vocabulary, the order in which readers see them
    label TEXT NOT NULL,
    PRIMARY KEY (id, language)
) WITHOUT ROWID;

CREATE TABLE sections (
    topic TEXT NOT NULL,
    language TEXT NOT NULL,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,               -- the fragment of its address
    aspect TEXT NOT NULL,           -- overview, causes, symptoms …; empty where no FHIR document says it
    heading TEXT NOT NULL,
    text TEXT NOT NULL,             -- plain, a line for each paragraph or item, with its callouts in reading order
    PRIMARY KEY (topic, language, position)
) WITHOUT ROWID;

CREATE TABLE links (                -- to pages elsewhere
    topic TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    page_language TEXT NOT NULL,    -- empty if not known
    PRIMARY KEY (topic, language, category, position)
) WITHOUT ROWID;

CREATE TABLE link_organizations (
    topic TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT NOT NULL,
    position INTEGER NOT NULL,      -- of the link
    organization TEXT NOT NULL,     -- its name as the edition has it, in its language or in English
    PRIMARY KEY (topic, language, category, position, organization)
) WITHOUT ROWID;

CREATE TABLE organizations (
    id TEXT NOT NULL,
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    PRIMARY KEY (id, language)
) WITHOUT ROWID;

CREATE TABLE related (
    topic TEXT NOT NULL,
    position INTEGER NOT NULL,
    related TEXT NOT NULL,          -- the id of a topic, which may be withdrawn
    PRIMARY KEY (topic, position)
) WITHOUT ROWID;

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

CREATE TABLE artifacts (            -- all of the release, except this file
    name TEXT PRIMARY KEY,          -- relative to the base URL
    sha256 TEXT NOT NULL,
    length INTEGER NOT NULL,        -- in bytes
    media_type TEXT NOT NULL,
    topic TEXT NOT NULL,            -- empty for what spans all topics
    language TEXT NOT NULL,         -- empty for what spans all languages
    format TEXT NOT NULL,
    since TEXT NOT NULL             -- an instant: the first release with these bytes under this name
) WITHOUT ROWID;
CREATE INDEX artifacts_by_topic ON artifacts (topic, language, format);

CREATE TABLE files (                -- that FHIR resources are in, of this release and of earlier ones
    id INTEGER PRIMARY KEY,
    artifact TEXT NOT NULL,         -- its name
    sha256 TEXT NOT NULL
);

CREATE TABLE versions (             -- of FHIR resources; one that several files have is there for each
    fhir TEXT NOT NULL,             -- 4.0, 5.0
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    version_id TEXT NOT NULL,
    last_updated TEXT NOT NULL,
    file INTEGER NOT NULL,          -- the id in `files`
    "offset" INTEGER NOT NULL,      -- in bytes, where the resource begins in the file
    length INTEGER NOT NULL,        -- in bytes
    is_current INTEGER NOT NULL,    -- 1 if it is that of this release, otherwise 0
    PRIMARY KEY (fhir, type, id, version_id, file)
) WITHOUT ROWID;

CREATE VIEW resources AS            -- each version once; those of earlier releases stay, their files may be pruned
    SELECT fhir, type, one.id AS id, version_id, last_updated, artifact, sha256, "offset", length, is_current
    FROM versions AS one JOIN files ON files.id = one.file
    WHERE NOT EXISTS (
        SELECT 1 FROM versions AS other
        WHERE other.fhir = one.fhir AND other.type = one.type AND other.id = one.id
            AND other.version_id = one.version_id AND other.file < one.file
    );
