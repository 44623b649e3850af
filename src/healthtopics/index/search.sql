-- A table for each language: search_en, search_es; a - in the tag is written _. Lists are joined by line feeds. The
-- *_stems columns have the stems of all words, so that a query of stems finds every form of them. Rows are in the order
-- of their titles.
CREATE VIRTUAL TABLE {table} USING fts5(
    topic UNINDEXED,
    title, names, terms, description, headings, text,
    title_stems, names_stems, terms_stems, description_stems, headings_stems, text_stems,
    tokenize = 'unicode61 remove_diacritics 2'
)
