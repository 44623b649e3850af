"""NLM's MedlinePlus health topics (https://medlineplus.gov/xml.html) → topics and Spanish catalogues.

records       the XML, in one pass, and its pairs of records
summary       the HTML of a summary → sections and blocks, with every repair
pairing       two summaries → one text in two languages, in the smallest certain units
terms         groups, categories, organizations → vocabularies
links         the sites of a pair of records → resources
topic         a pair of records → a topic's document and its translations
importing     merges the collection into the workspace
original, faithfulness, verification   the published texts against the original, read independently
"""
