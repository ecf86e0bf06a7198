"""Processes, the load on them, and what it cost them."""
