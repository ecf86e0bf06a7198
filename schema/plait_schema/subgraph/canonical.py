"""The canonical form of a document that is valid GraphQL: see `Subgraph`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLSchema,
    SchemaDefinitionNode,
    build_ast_schema,
    specified_scalar_types,
)

from plait_schema.diagnostics import Diagnostic
from plait_schema.federation import FEDERATION_1, Link, is_applied, without
from plait_schema.federation.names import Vocabulary
from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph.canonical_names import with_canonical_names
from plait_schema.subgraph.extensions import (
    extended_parts,
    keys_of_extensions,
    merge_extensions,
    only_extended,
    with_definitions_for_all,
)
from plait_schema.subgraph.federation_1 import external_keys, upgrade
from plait_schema.subgraph.federation_1.external_keys import keyless_extensions
from plait_schema.subgraph.federation_1.field_set_text import with_field_sets_as_text
from plait_schema.subgraph.federation_1.ignored import interfaces_with_keys
from plait_schema.subgraph.key_externals import without_external_keys
from plait_schema.subgraph.model import Subgraph, SubgraphSource
from plait_schema.subgraph.pushed_down import with_directives_pushed_down
from plait_schema.subgraph.repeated_shareable import check_repeated_shareable
from plait_schema.subgraph.rewriting import Types
from plait_schema.subgraph.roots import check_roots, schema_definition, with_standard_roots


def canonical(
    document: DocumentNode,
    names: Vocabulary,
    links: tuple[Link, ...],
    source: SubgraphSource,
    keys_elsewhere: Mapping[str, frozenset[str]],
) -> tuple[Subgraph, tuple[Diagnostic, ...]]:
    """The subgraph, and what is wrong with the document as it was written.

    `keys_elsewhere` are the key fields of types that this subgraph, of Federation 1, extends without a key.
    With problems the subgraph is good enough for the other rules to look at, and for nothing else.
    """
    problems = list(check_roots(document, source))
    document = with_canonical_names(document, names)
    if not problems:
        document = with_standard_roots(document)
    problems += check_repeated_shareable(document, source)

    extended = only_extended(document)
    extending_keys = keys_of_extensions(document)
    document = with_directives_pushed_down(document, external=names.version != FEDERATION_1)
    types = merge_extensions(with_definitions_for_all(document))
    directives = {
        node.name.value: node
        for node in sorted(_directive_definitions(document, types), key=lambda node: node.name.value)
    }
    definition = schema_definition(document)

    def schema_of(types: Types) -> GraphQLSchema:
        return _build_schema(types, directives, definition)

    if names.version == FEDERATION_1:
        types = with_field_sets_as_text(types)
    marked = frozenset(name for name, node in types.items() if is_applied(node, "extends"))
    is_federation_1 = names.version == FEDERATION_1
    keyless = keyless_extensions(types, extended | marked) if is_federation_1 else frozenset[str]()
    parts = extended_parts(types, extended | marked, extending_keys)
    if is_federation_1:
        types = external_keys.without_external_keys(types, parts, keys_elsewhere)
        extended |= marked
    elif parts:
        types = without_external_keys(types, schema_of(types), parts)
    types = {name: without(node, "extends") for name, node in types.items()}
    extensions = {name: types[name] for name in sorted(extended)}
    ignored = frozenset[str]()
    found: tuple[Diagnostic, ...] = ()
    if is_federation_1:
        ignored = interfaces_with_keys(types)
        types, found = upgrade(types, schema_of, source)
    return (
        Subgraph(
            name=source.name,
            url=source.url,
            file=source.file,
            version=names.version,
            links=links,
            types=types,
            directives=directives,
            schema=schema_of(types),
            extended=extensions,
            marked_extended=marked & types.keys(),
            ignored_interface_keys=ignored,
            schema_definition=definition,
            keyless_extensions=keyless,
            upgrade_problems=found,
        ),
        tuple(problems),
    )


def _directive_definitions(document: DocumentNode, types: Types) -> Iterator[DirectiveDefinitionNode]:
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode):
            needed = {named_type(argument.type).name.value for argument in node.arguments or ()}
            if needed <= types.keys() | specified_scalar_types.keys():
                yield node


def _build_schema(
    types: Types, directives: Mapping[str, DirectiveDefinitionNode], definition: SchemaDefinitionNode
) -> GraphQLSchema:
    roots = [node for node in definition.operation_types or () if node.type.name.value in types]
    schema = [replace(definition, operation_types=tuple(roots))] if roots else []
    document = DocumentNode(definitions=(*schema, *types.values(), *directives.values()))
    return build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)
