"""Running a query plan: the reference interpreter, which owns the specification's semantics.

The life of a request, one file a step: `execution` runs the plan's nodes; `fetching` asks one subgraph
for root fields and `entities` for entities, of which `representation` makes the variables; `answer` and
`strict_json` judge the response, `taking` puts it where it belongs, and `reading` turns its data into objects
of the `response_tree` by the operation's `shape`; `completion` picks the client's fields out of the tree,
with `leaf_values` coerced and `introspection` answered here.

`program` is the fast way to the same response: plans compiled once, for the answers that nearly all
requests have. It hands everything else over to the interpreter.
"""

from plait_gateway.executor.execution import ExecutionResult, execute

__all__ = ["ExecutionResult", "execute"]
