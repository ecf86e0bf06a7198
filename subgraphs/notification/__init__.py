"""What people are told: by mail, push and SMS, and in an inbox of their own."""
