"""The model of money: who pays what for what, and what becomes of it.

payment        one payment: what may happen to it, and when
payment_state  what it is by what has happened to it
events         what can happen to a payment; kept for ever
refunds        how money goes back
dispute        a bank that asks for money back
invoice        a bill or a receipt, with a number of a series without gaps
credit_note    what an invoice says too much, taken back by a document of its own
plans          what a subscription costs, and how long it lasts
subscription   somebody's subscription to the academy
values         methods, purposes, amounts, cards: valid once they exist
errors         what the rules answer when they say no
"""
