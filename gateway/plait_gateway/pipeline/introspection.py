"""Whether a document asks for the schema itself."""

from graphql import DocumentNode, FieldNode, SelectionSetNode

_SCHEMA_FIELDS = ("__schema", "__type")


def introspection_fields(document: DocumentNode) -> tuple[FieldNode, ...]:
    """The `__schema` and `__type` of a valid document, wherever they stand."""
    found: list[FieldNode] = []
    pending: list[SelectionSetNode] = [
        definition.selection_set
        for definition in document.definitions
        if hasattr(definition, "selection_set")
    ]
    while pending:
        for selection in pending.pop().selections:
            if isinstance(selection, FieldNode) and selection.name.value in _SCHEMA_FIELDS:
                found.append(selection)
            elif (inner := getattr(selection, "selection_set", None)) is not None:
                pending.append(inner)
    return tuple(found)
