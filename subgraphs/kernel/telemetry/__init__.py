"""What a process tells about itself.

instruments  what it counts and measures as it goes
stock        what is stored and waits, counted in the database
health       is it alive, and is it ready?
endpoints    all of that over HTTP
tracing      spans, from a request to the last handler it leads to
"""
