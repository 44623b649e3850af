"""Foreign collections → topics and catalogues. Streams are handed in; no disk, no clock, no network.

shared        what any import does once topics are composed: local work, files that change, state, report
alignment     which part of a text says the same as which part of its translation
medlineplus   NLM's MedlinePlus health topics

A new importer is a package beside `medlineplus`: it reads its collection, gives each topic as an
`OfferedTopic`, and leaves the rest to `shared.importing.WorkspaceImport`.
"""
