"""What is stored as it is: invoices and subscriptions. Payments are stored as their events (event_log.py)."""
