"""Foreign bytes → topics and catalogues; one package a source."""
