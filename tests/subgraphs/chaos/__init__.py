"""A real system of several processes on two databases, and everything that can happen to it: `scripts/chaos`.

run         start the system, hurt it, let it come to rest, check it
market      what the system does: the shop's orders, books, payments
notes       what is said there, and reminders, and poison
gazette     another context in a database of its own, which prints the notes
receipts    one for each message that was handled
plan        what each producer wants, from a seed
world       where it all takes place
roles       the processes: producers, workers, sequencers, projectors, couriers, presses
fleet       starts, kills and stops them
control     the clock they share and what they are told
databases   SQLite files or a PostgreSQL server, and how each can suffer
lossy_redis the Redis of caches, limits and messages, and how it suffers
mishaps     what goes wrong between a process and the servers that it asks
faults      what happens to the system, from a seed
observer    looks at it from outside while it runs
invariants  what holds all the same
report      what is said of it
"""
