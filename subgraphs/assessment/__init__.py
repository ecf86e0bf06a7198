"""Assessment: assignments, what is handed in for them, grades and feedback."""
