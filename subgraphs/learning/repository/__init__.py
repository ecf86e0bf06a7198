"""From aggregates to rows and back.

A save stores what has happened to an aggregate, brings the read models up to date, and publishes what other
contexts may know: all in the transaction of the unit of work.
"""
