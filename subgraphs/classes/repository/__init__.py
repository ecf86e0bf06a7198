"""Classes in the database, what follows from their events, and what is known of courses."""
