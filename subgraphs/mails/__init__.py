"""What people were told, to be read in a browser: the outbox of files, as pages of `plait dev`.

links      what stands behind the links of mails: an operation, since the academy has no pages of its own
pages      messages and operations as HTML
app        which path shows what
templates/ the pages; assets/ their style, and the script that runs an operation
"""
