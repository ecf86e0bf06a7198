"""The model of teaching and learning.

course              a course with its sections, lessons and exercises: what may be added, and when it is
                    published
extent              how large it may be
quiz, coding        what grades an exercise: questions with right answers, tests with expected outputs
enrollment          who takes a course
enrollment_request  the wish to take one, which may have to be paid for first
admission           what lets a student into a lesson
progress            how far one student has come in one course, and in which order
progress_calculator how much of a course that is
values              titles, prices, scores: valid once they exist
errors              what the rules answer when they say no
events              what happened
"""
