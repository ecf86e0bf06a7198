"""What takes learning several transactions.

course_enrollment   a request, the money, the enrolment; undone when one of them is refused or late
lesson_progress     what follows from a completed lesson
"""
