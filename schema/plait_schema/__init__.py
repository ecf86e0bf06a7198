"""Schemas as data: from subgraph SDL to a composed, checked supergraph."""
