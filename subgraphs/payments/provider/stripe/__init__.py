"""Stripe, by its HTTP API: https://docs.stripe.com/api.

api         requests to it, and the answers as JSON
refusals    what its errors mean for us
amounts     amounts as it counts them
gateway     charges as PaymentIntents, refunds as Refunds
signature   whether a webhook comes from it
events      what a webhook says
"""
