"""From an HTTP request to an HTTP response over a federated graph."""
