"""The database.

database       transactions on SQLite and PostgreSQL; sqlite and postgres have what differs
database_clock the time of the database's server, for all who use it
locks          locks by name, held until the transaction ends
columns        column types that are the same on every database
tables         the kernel's own tables
event_store    the streams of event-sourced aggregates; event_sourcing loads and stores those, with snapshots
sequence       number the rows of a log without gaps
migrations     bring every context's tables up to date, cheaply when they are
idempotency    what was asked under which key, and what came of it
index_order    the first rows of a queue, however long it is
pruning        what nobody needs any more, deleted in batches
versioned      write an aggregate's row only if nobody else did meanwhile
unit_of_work   one transaction: rows, and the messages that go with them
"""
