"""The demonstration academy: a living platform from the first query on.

academy/   who works and learns there and what is taught, as YAML
content    reads it
schedule   decides who does what when, in stages (people, courses, studying ...): pure, the same for each day
plot       what a stage knows
run        what a step needs to take effect
marker     remembers in the database how far the seeding has come
seeding    carries the schedule out with real commands
demo       whom to log in as, and what to ask first
"""
