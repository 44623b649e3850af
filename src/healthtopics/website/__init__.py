"""The pages around the topics: from the index of a release and a way of writing addresses to bytes.

No page needs HTTP or a disk: the service answers with them, and they can be written as files.
"""
