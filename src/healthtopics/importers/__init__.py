"""Foreign collections → topics and catalogues. Streams are handed in; no disk, no clock, no network."""
