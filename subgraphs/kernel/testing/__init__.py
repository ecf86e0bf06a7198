"""For the tests of any context.

clock      a clock that stands still until it is told
golden     every version of a message that was ever stored can be read
postgres   a PostgreSQL server of one's own
redis      a Redis server of one's own
scenario   given / when / then for aggregates
sagas      given / when / then for sagas
platform   a migrated platform on a fresh SQLite file
client     GraphQL requests to a context's ASGI app, in process
schema     have the tables and the SDL drifted from their files?
"""
