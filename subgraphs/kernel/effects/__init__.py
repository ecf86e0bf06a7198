"""What is done outside of the database: money is taken, a mail is sent. Asked for once, done once.

outcome    what came of it: done, or declined; and what goes wrong on the way
provider   who does it: the port that an adapter of Stripe, say, has
effect     a kind of effect, as its author writes it
http       what adapters of HTTP APIs ask with
storage    the rows of effects
standings  how effects stand, for people
calling    one outcome from a provider that fails, hangs and forgets to answer
effects    from the message that asks for an effect to the continuation that has its outcome
"""
