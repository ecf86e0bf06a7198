"""The sections of a check, one file each."""
