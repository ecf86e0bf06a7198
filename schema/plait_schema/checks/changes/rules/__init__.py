"""The rules of comparing, one file for each kind of element."""
