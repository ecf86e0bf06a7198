"""What is asked of a gateway, by whom it is answered, and what the right answers are."""
