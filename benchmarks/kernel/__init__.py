"""What a durable step and a command cost, beside the bare insert and commit of the same database.

ledger   the context that is measured
rates    steps, commands and bare commits in turns
backlog  a long queue, and the memory of whoever drains it
projections  a read model that is filled, and bare inserts in turns
databases    empty ones of each kind
"""
