"""What runs in a process besides answering requests.

loops        every loop there is, and the role that it plays
api          what a process answers over HTTP
supervision  loops that die are started again; in the end all finish what they have in hand
jobs         what contexts do from time to time
retention    the loop that deletes what has been kept for long enough
process      what one process does of all that there is to do
watchdog     a process that stands still is ended
sole_use     a SQLite file has one process at a time that works off its messages, and its folder stays
"""
