"""The model of teaching and learning.

course     a course with its sections, lessons and exercises: what may be added, and when it may be published
progress   how far one student has come in one course
values     titles, prices, scores: valid once they exist
errors     what the rules answer when they say no
events     what happened

A student needs no enrolment yet: enrolling waits for a verified payment, and payments are a context to come.
Until then a student's progress in a published course begins with the first exercise completed.
"""
