"""Where can a query go next? Shared by satisfiability and the planner.

A node is a type as one subgraph sees it. From a node fields lead to the nodes of their types, and from a
position, where one may stand on several nodes at once, keys lead into other subgraphs. What a key or a
`@requires` asks for must be resolvable from where one stands; `Standing` is the answer to that question.
"""

from plait_schema.query_graph.contexts import context_selections, contexts_below
from plait_schema.query_graph.edges import Edge
from plait_schema.query_graph.exploration import Exploration
from plait_schema.query_graph.graph import QueryGraph, build_query_graph
from plait_schema.query_graph.node import Node
from plait_schema.query_graph.selection import Conditions, Selection, parse_selections
from plait_schema.query_graph.standing import Entry, Standing, Way

__all__ = [
    "Conditions",
    "Edge",
    "Entry",
    "Exploration",
    "Node",
    "QueryGraph",
    "Selection",
    "Standing",
    "Way",
    "build_query_graph",
    "context_selections",
    "contexts_below",
    "parse_selections",
]
