"""The verbs of `plait` that need schemas only, one file each."""
