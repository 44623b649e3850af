-- For each language; a - in the tag is written _. The table has an index of words and no texts: it reads
-- those of the view when they are asked for. Lists are joined by line feeds. The *_stems columns are indexed with the
-- stems of all words, so that a query of stems finds every form of them; they cannot be read. Rows are in the order of
-- titles.
CREATE VIEW {table}_texts AS
    SELECT id AS row, topic, title,
        (SELECT group_concat(text, char(10)) FROM stored_names WHERE edition = one.id AND kind = 'synonym') AS names,
        (SELECT group_concat(text, char(10)) FROM stored_names WHERE edition = one.id AND kind = 'index-term') AS terms,
        description,
        (SELECT group_concat(heading, char(10)) FROM stored_sections WHERE edition = one.id) AS headings,
        (SELECT group_concat(text, char(10)) FROM stored_sections WHERE edition = one.id) AS text,
        NULL AS title_stems, NULL AS names_stems, NULL AS terms_stems, NULL AS description_stems,
        NULL AS headings_stems, NULL AS text_stems
    FROM stored_editions AS one WHERE language = '{language}';
CREATE VIRTUAL TABLE {table} USING fts5(
    topic UNINDEXED,
    title, names, terms, description, headings, text,
    title_stems, names_stems, terms_stems, description_stems, headings_stems, text_stems,
    content = '{table}_texts', content_rowid = 'row',
    tokenize = 'unicode61 remove_diacritics 2'
);
