"""From a workspace's files to a release: the only place where validation, translation and formats meet.

    digests     of all files: has anything changed?
    sources     what all topics share, parsed; a topic's files on demand
    judging     every topic by itself, from the cache or from its files
    deciding    with the words that it uses: which editions are published, which are held
    artifacts   topics in shards → artifacts in the store (exporting)
    building    all of it → the manifest of a release
    publication all of it, made visible if anything is new
    checking    all of it, but nothing is stored

No disk, no clock, no environment: files, a store, a cache, the time and the identity of the software are
passed in. Heavy libraries are imported when they are first needed: a command with nothing to do needs none
of them.
"""
