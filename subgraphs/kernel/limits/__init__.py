"""How often somebody may ask: so many times in any window of a length, whichever process is asked.

rules       the limits, in one table
counter     the port
in_process  counted in this process's memory, bounded
shared      counted in Redis, for all processes
limits      whether somebody may, and what holds while nobody can count
"""
