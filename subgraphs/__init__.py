"""The EdTech platform: bounded contexts on the CQRS kernel, one subgraph each."""
