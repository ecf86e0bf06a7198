"""Payments: event-sourced, with invoices, refunds and providers behind a port."""
