"""From something that happened in one context to what another does about it.

integration   integration events, and the envelope they travel in
registry      which class a stored message is of; upcasting leads old versions to it
subscriptions who wants which events
outbox        write an event and its deliveries in the transaction in which it happened
claims        which message may be handled next, and by whom: the SQL of the queue
delivery      what was claimed, and what becomes of it
backlog       how much is left to do, and how much was given up
retry         when to try again
dead_letters  look at what was given up, mend it, try again or let go
looping       loops that outlive their database
sequencer     the loop that numbers what was committed
attempts      one try at a message, and what becomes of it
worker        the loop: claim, handle, once more; errands run beside

transport     the port between databases; memory is one within a process, adapters/redis_streams one between
relay         the loop that hands the outbox to the transport
intake        the loop that takes in what others publish; routing says who gets it, and under which key
lineage       how far two histories of a source are one; epochs stores it
requests      messages that want an answer; questions awaits it where nobody can be called back
replay        deliver the past again to one consumer; history reads it
"""
