"""What plait costs, measured beside something known in the same run. See README.md."""
