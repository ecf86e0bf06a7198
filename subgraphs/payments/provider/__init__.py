"""Who moves the money: the port, and who is behind it.

gateway      what is asked of a provider, and what it answers
fake         a provider for development, which behaves as the card says
stripe       Stripe
configured   which of them, by the settings
"""
