"""Generated code for clients and subgraphs of a federated graph."""
