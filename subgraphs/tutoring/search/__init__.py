"""Finding texts by their words, in the database that there is.

words      the words of a text and of a question, the same on every database
full_text  the table of texts, and the port to an index over it
relevance  how telling a text is that was found
sqlite     the index of SQLite: FTS5
postgres   the index of PostgreSQL: tsvector
"""
