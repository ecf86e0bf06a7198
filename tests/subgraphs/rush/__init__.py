"""A rush on the whole academy, through its gateway, while its processes are killed.

Students read, study, enrol and pay; the staff pays back, issues invoices, fills classes and marks who was
there. Every some seconds a process of the platform is killed (SIGKILL) and started again. Clients repeat what
got no answer under its Idempotency-Key. When all has come to rest, what was answered has to be there, and the
money has to be where the academy says it is.

process     `plait dev` as a process, and its workers beside it on PostgreSQL
graph       a client that does not give up
visitors    what students and the staff do, and what they were told
invariants  what has to hold in the end, and where to look for it
rules       what has to hold of what was found
run         the rush, from the first login to the last look
"""
