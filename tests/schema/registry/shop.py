"""A graph of three subgraphs, and what breaks it."""

from plait_schema.subgraph import SubgraphSource

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external"])\n'


def users(extra: str = "") -> SubgraphSource:
    sdl = f'type Query {{ me: User }}\ntype User @key(fields: "id") {{ id: ID! name: String {extra} }}'
    return SubgraphSource("users", "http://users/graphql", LINK + sdl)


def reviews(extra: str = "") -> SubgraphSource:
    user = 'type User @key(fields: "id") { id: ID! reviews: [Review!]! }'
    sdl = f"{user}\ntype Review {{ text: String! {extra} }}"
    return SubgraphSource("reviews", "http://reviews/graphql", LINK + sdl)


BROKEN = SubgraphSource("reviews", "http://reviews/graphql", "type Review { text: Missing }")
