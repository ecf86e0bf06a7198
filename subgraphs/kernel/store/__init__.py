"""The database.

database       transactions on SQLite today; what differs on PostgreSQL is in this one file
columns        column types that are the same on every database
tables         the kernel's own tables: the outbox and the deliveries
migrations     bring every context's tables up to date, cheaply when they are
versioned      write an aggregate's row only if nobody else did meanwhile
unit_of_work   one transaction: rows, and the messages that go with them
"""
