"""The model of tutoring.

tutor         a tutor's profile: what they offer, whether the academy vouches for them
values        what a profile says: subjects, languages, headline, bio, hourly rate
availability  when a tutor has time, week by week
matching      how well tutors fit what somebody looks for, and why
events        what happened
errors        what the rules answer when they say no
"""
