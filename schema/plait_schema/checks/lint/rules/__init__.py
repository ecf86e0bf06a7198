"""The rules, one a file, called as their codes."""
