"""Tutors: what they offer, who finds them, and whom they fit."""
