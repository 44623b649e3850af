"""What any import needs, whatever the collection.

importing    merges a collection into a workspace: which files change
topics       the work on one topic, in any process: merges it with the workspace's own; local work wins
vocabularies merges offered entries into the vocabularies of the workspace
catalogues   merges offered translations into a catalogue file
merging      the three-way merge of two documents, part by part
state        what one import stores for the next
report       the outcome for each topic
source       the identity of a collection
slugs        keys from names
"""
