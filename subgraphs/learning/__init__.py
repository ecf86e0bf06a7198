"""Courses and what students have done in them."""
