"""The verbs of `plait` that plan and serve, one file each."""
