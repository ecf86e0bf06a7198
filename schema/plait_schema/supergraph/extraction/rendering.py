"""The definition of a type in one subgraph."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    NameNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
)

from plait_schema.supergraph.extraction.access import InheritedAccess
from plait_schema.supergraph.extraction.applied import Applied
from plait_schema.supergraph.extraction.joins import FromContext, Held, HeldField
from plait_schema.supergraph.extraction.sharing import Coordinate


@dataclass(frozen=True)
class Rendering:
    """Makes the definitions of one subgraph."""

    applied: Applied
    shareable: frozenset[Coordinate]
    access: InheritedAccess

    def type(self, node: TypeDefinitionNode, held: Held) -> TypeDefinitionNode:
        """What the subgraph has of the type."""
        inherited = self.access.of_interface(node.name.value, None)
        directives = (*self._of_entity(held), *self.applied.merged(node, without=inherited))
        match node:
            case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
                return self._composite(node, held, directives)
            case InputObjectTypeDefinitionNode():
                inputs = tuple(
                    self._input_value(field, held.fields[field.name.value])
                    for field in node.fields or ()
                    if field.name.value in held.fields
                )
                return replace(node, directives=directives, fields=inputs)
            case EnumTypeDefinitionNode():
                values = tuple(
                    replace(value, directives=tuple(self.applied.merged(value)))
                    for value in node.values or ()
                    if value.name.value in held.values
                )
                return replace(node, directives=directives, values=values)
            case UnionTypeDefinitionNode():
                return replace(node, directives=directives, types=_named(held.members))
            case _:
                return replace(node, directives=directives)

    def directive(self, node: DirectiveDefinitionNode) -> DirectiveDefinitionNode:
        """The definition of a directive for operations, or of a composed one."""
        arguments = tuple(
            replace(argument, directives=tuple(self.applied.merged(argument)))
            for argument in node.arguments or ()
        )
        return replace(node, arguments=arguments)

    def _composite(
        self,
        node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode,
        held: Held,
        directives: tuple[ConstDirectiveNode, ...],
    ) -> TypeDefinitionNode:
        """An interface object is an interface in the supergraph, and an object type in the subgraph."""
        is_interface = isinstance(node, InterfaceTypeDefinitionNode) and not held.is_interface_object
        kind = InterfaceTypeDefinitionNode if is_interface else ObjectTypeDefinitionNode
        return kind(
            name=node.name,
            description=node.description,
            interfaces=_named(held.interfaces),
            directives=directives,
            fields=tuple(
                self._field(field, held.fields[field.name.value], held, node.name.value)
                for field in node.fields or ()
                if field.name.value in held.fields
            ),
        )

    def _of_entity(self, held: Held) -> Iterator[ConstDirectiveNode]:
        if held.is_extension:
            yield self.applied.federation("extends")
        if held.is_interface_object:
            yield self.applied.federation("interfaceObject")
        for key in held.keys:
            yield self.applied.federation(
                "key", fields=key.fields, resolvable=None if key.resolvable else False
            )

    def _field(
        self, node: FieldDefinitionNode, held: HeldField, parent: Held, type_: str
    ) -> FieldDefinitionNode:
        arguments = tuple(self._argument(argument, held) for argument in node.arguments or ())
        return replace(
            node,
            description=None if held.is_external else node.description,
            arguments=(*arguments, *(self._from_context(each) for each in held.context_arguments)),
            type=held.type or node.type,
            directives=tuple(self._of_field(node, held, parent, type_)),
        )

    def _of_field(
        self, node: FieldDefinitionNode, held: HeldField, parent: Held, type_: str
    ) -> Iterator[ConstDirectiveNode]:
        """Merged directives come from those that resolve the field; an external one must not have any."""
        federation = self.applied.federation
        if held.is_external:
            yield federation("external")
        if held.requires is not None:
            yield federation("requires", fields=held.requires)
        if held.provides is not None:
            yield federation("provides", fields=held.provides)
        if held.override is not None:
            yield federation("override", **{"from": held.override}, label=held.label)
        if (type_, node.name.value) in self.shareable:
            yield federation("shareable")
        if not held.is_external:
            name = node.name.value
            inherited = (
                self.access.of_interface_object(type_, name)
                if parent.is_interface_object
                else self.access.of_interface(type_, name)
            )
            yield from self.applied.merged(node, without=inherited)

    def _argument(self, node: InputValueDefinitionNode, held: HeldField) -> InputValueDefinitionNode:
        if held.is_external:
            return replace(node, description=None, directives=())
        return replace(node, directives=tuple(self.applied.merged(node)))

    def _input_value(self, node: InputValueDefinitionNode, held: HeldField) -> InputValueDefinitionNode:
        return replace(node, type=held.type or node.type, directives=tuple(self.applied.merged(node)))

    def _from_context(self, held: FromContext) -> InputValueDefinitionNode:
        field = f"${held.context} {held.selection}"
        return InputValueDefinitionNode(
            name=NameNode(value=held.name),
            type=held.type,
            directives=(self.applied.federation("fromContext", field=field),),
        )


def _named(names: tuple[str, ...]) -> tuple[NamedTypeNode, ...]:
    return tuple(NamedTypeNode(name=NameNode(value=name)) for name in names)
