"""Disks and stores: the only code that writes."""
