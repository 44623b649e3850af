"""What editors show of catalogues and topics while one writes: the Language Server Protocol."""
