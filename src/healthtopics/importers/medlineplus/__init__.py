"""NLM's MedlinePlus health topics (https://medlineplus.gov/xml.html) → topics and Spanish catalogues.

records       the XML, in one pass, and its pairs of records
summary       the HTML of a summary → sections and blocks, with every repair
pairing       two summaries → one text in two languages, in units as small as is certain
terms         groups, categories, organisations → vocabularies
topic         a pair of records → a topic's document and its translations
importing     the collection meets the workspace: what changed, what is local work
original, faithfulness   the published texts against the original, read by other means
"""

from healthtopics.importers.medlineplus.faithfulness import check_bundle, check_page, check_web_page
from healthtopics.importers.medlineplus.importing import (
    Change,
    Files,
    Import,
    TopicReport,
    topics_by_id,
    totals,
)
from healthtopics.importers.medlineplus.pairing import SPANISH
from healthtopics.importers.medlineplus.records import Collection, open_source, read_collection
from healthtopics.importers.medlineplus.state import STATE, State

__all__ = [
    "SPANISH",
    "STATE",
    "Change",
    "Collection",
    "Files",
    "Import",
    "State",
    "TopicReport",
    "check_bundle",
    "check_page",
    "check_web_page",
    "open_source",
    "read_collection",
    "topics_by_id",
    "totals",
]
