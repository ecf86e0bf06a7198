"""What changed in who has what: clients see none of it, and what is slow or broken next may come of it."""
