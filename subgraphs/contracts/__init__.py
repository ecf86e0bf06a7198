"""The integration events that contexts publish for each other, one module per source context.

These are promises: a version only ever gains optional fields, anything else is published beside it as a new
version.
"""
