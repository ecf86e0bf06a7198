"""`plait dev`: the whole platform in one process."""
