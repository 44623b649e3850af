"""A translator's work as files: .po and XLIFF, updates, merges, suggestions. No disk, no clock."""
