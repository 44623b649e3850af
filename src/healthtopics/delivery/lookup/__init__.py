"""Topics for a code of a patient record: HL7 Infobutton, the addresses of MedlinePlus Connect, CDS Hooks.

A request to any of them becomes a `request.KnowledgeRequest`, `finding` finds the topics for it, and the
feed is written as Atom, JSON or a page. Nothing of a request is kept: it says what a patient has.
"""
