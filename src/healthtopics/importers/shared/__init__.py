"""What any import needs, whatever the collection.

importing    a collection meets a workspace: which files change
tasks        what is done for one topic, in any process
topics       one offered topic meets the workspace's own: local work wins
vocabularies offered entries meet the vocabularies of the workspace
catalogues   offered translations meet a catalogue file
merging      the three-way merge of two documents, part by part
state        what one import leaves for the next
report       what became of each topic
source       how a collection introduces itself
slugs        keys from names
"""
