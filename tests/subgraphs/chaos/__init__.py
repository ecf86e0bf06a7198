"""A real system of several processes on one database, and everything that can happen to it: `scripts/chaos`.

run         start the system, hurt it, let it come to rest, check it
market      what the system does: the shop's orders, notes, reminders, poison, books
plan        what each producer wants, from a seed
roles       the processes: producers, workers, sequencers
fleet       starts, kills and stops them
control     the clock they share and what they are told
databases   a SQLite file or a PostgreSQL server, and how each can suffer
faults      what happens to the system, from a seed
observer    looks at it from outside while it runs
invariants  what holds all the same
report      what is said of it
"""
