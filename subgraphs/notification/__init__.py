"""Notification: what people are told by email, push and SMS."""
