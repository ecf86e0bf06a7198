"""Tutoring: tutors' profiles and availability, and the search for the right one."""
