"""From aggregates to rows and back, and what is known of the courses and classes that they are about."""
