"""Classes: groups and private lessons, who takes part, attendance, credits and unlocked lessons."""
