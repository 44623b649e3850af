"""Foreign collections → topics and catalogues. Streams are passed in; no disk, no clock, no network.

shared        what any import does once topics are composed: local work, files that change, state, report
alignment     which part of a text corresponds to which part of its translation
medlineplus   NLM's MedlinePlus health topics

A new importer is a package beside `medlineplus`: it reads its collection, returns each topic as an
`OfferedTopic`, and leaves the rest to `shared.importing.WorkspaceImport`.
"""
