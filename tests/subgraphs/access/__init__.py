"""Who may what in the whole academy: everybody tries everything, behind the gateway and past it.

town      the academy behind its gateway, in one process
founding  who is there, what is whose, and which texts are private
may.yaml  the table: who is let in, for every root field
table     the operations that try what the table says
depths    the operations that ask for all that can be reached
"""
