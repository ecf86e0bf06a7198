"""For the tests of any context.

clock      a clock that stands still until it is told
scenario   given / when / then for aggregates
platform   a migrated platform on a fresh SQLite file
client     GraphQL requests to a context's ASGI app, in process
schema     have the tables and the SDL drifted from their files?
"""
