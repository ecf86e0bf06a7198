"""The CQRS kernel that every bounded context stands on. It knows no context.

domain        aggregates, values, events, results: the words a domain model is written in
application   commands, queries, the buses that run them and who may ask
store         the database: transactions, the kernel's tables, migrations, the unit of work
messaging     integration events from the outbox to the handlers of other contexts
effects       what is done elsewhere, once: payments, mails
cache         answers kept for a while, in this process or in Redis
limits        how often somebody may ask
adapters      servers that the kernel can use, behind its own ports
sagas         work of many transactions, undone when it cannot be finished
projections   read models, filled from logs and filled again beside what is read
graphql       a federated subgraph over HTTP in front of the two buses
running       the loops of a process, by role; started again when they die
telemetry     what a process tells about itself: health, metrics, traces
testing       clocks, scenarios and clients for the tests of any context

`breakers.py` leaves alone who does not answer; `redis.py` is a connection that nobody has to wait for.
`platform.py` opens what the contexts of one process share; `context.py` is what each context gives back.
"""
