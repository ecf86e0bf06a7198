"""The model of assessment.

assignment   what is to be handed in, by when, for how many points
submission   what one student has handed in, its grade, and what was said about it
values       texts, kinds of submissions, grades: valid once they exist
errors       what the rules answer when they say no
events       what happened
"""
