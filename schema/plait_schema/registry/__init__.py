"""The schema registry: graphs in their variants, published subgraph by subgraph, served to gateways.

`Registry` is what it does, `Delivery` what gateways get, `store` where it keeps it, `http` how it is reached,
`tokens` who may.
"""
