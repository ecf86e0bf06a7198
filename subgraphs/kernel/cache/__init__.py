"""Answers kept for a while, so that the database is not asked the same again and again.

A value is kept under the generation of its group, which the reader has been given before it asked the
database. To forget a group is to end its generation: what was asked before that, and is stored only now,
is stored where nobody looks any more. So, once an invalidation has been carried out, nobody is given what
was true before the commit that it followed; and nothing is kept beyond its time.

rules         what a cache is called, and how long it keeps a value
store         the port, and the values of nobody
in_process    in this process's memory, bounded
shared        in Redis, shared by all processes
cached        one cache: read through it, one load for all who miss the same
invalidation  after a commit, by way of a delivery: a crash loses none
answers       queries whose answers are cached
refill        write-through: asked for again as soon as it was forgotten
"""
