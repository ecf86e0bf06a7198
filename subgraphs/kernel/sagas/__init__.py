"""Work that takes many transactions, and is undone when it cannot be finished.

definition  what an author writes: a frozen state, handlers of messages, timeouts, compensations
outputs     what a handler answers besides the new state
record      one saga: its state, its steps and their times
machine     (record, message) -> new record and what is to be sent: pure, the whole of the rules
storage     the rows of sagas, guarded by their versions
runner      the subscriptions of a saga: load, ask the machine, store, send, in one transaction
sagas       look at sagas, find those that are late, cancel
"""
