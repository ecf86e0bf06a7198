"""The bounded context of assignments: what is to be handed in, what was, and what it is worth."""
