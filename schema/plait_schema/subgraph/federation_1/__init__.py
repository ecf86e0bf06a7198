"""A Federation 1 subgraph as Federation 2 would write it.

Federation 1 knew nothing of `@shareable`, ignored what meant nothing and let extensions repeat the keys they
extend: https://www.apollographql.com/docs/graphos/reference/federation/backward-compatibility
"""

from collections.abc import Callable

from graphql import GraphQLSchema

from plait_schema.diagnostics import Diagnostic
from plait_schema.subgraph.federation_1.ignored import without_ignored
from plait_schema.subgraph.federation_1.inactive import without_inactive
from plait_schema.subgraph.federation_1.shareable import with_shareable
from plait_schema.subgraph.federation_1.unused_externals import without_unused_externals
from plait_schema.subgraph.model import SubgraphSource
from plait_schema.subgraph.rewriting import Types


def upgrade(
    types: Types, build_schema: Callable[[Types], GraphQLSchema], source: SubgraphSource
) -> tuple[Types, tuple[Diagnostic, ...]]:
    """The types with their Federation 2 meaning, and what cannot be given one.

    The keys of extensions are no longer external, as in all subgraphs.
    """
    types = without_ignored(types)
    types = without_inactive(types, build_schema)
    types = with_shareable(types)
    return without_unused_externals(types, build_schema(types), source)
