"""The schemas of a random federation: what each subgraph says, and all in one."""

import re
from collections.abc import Iterator

from tests.gateway.properties.structure import COMMON, KEY_FIELDS, NODES, Entity, Field, Structure, names_in

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", '
    '"@external", "@requires", "@provides", "@override", "@interfaceObject", "@inaccessible"])\n'
)
_ARGUMENTS = {"n": "(n: Int = 1)", "of": "(of: Amount = { n: 1 })", None: ""}
_LEAVES = "scalar Stamp enum Size { S M L } input Amount { n: Int }"


def subgraph_sdl(of: Structure, subgraph: str) -> str:
    """What one subgraph says to a composer."""
    text = _nodes(of, subgraph) if subgraph in NODES else _subgraph(of, subgraph)
    if subgraph in of.of_version_1:
        return re.sub(r"@shareable|, resolvable: false", "", text)
    return LINK + text


def executable_sdl(of: Structure, subgraph: str) -> str:
    """The schema that a subgraph runs."""
    text = without_directives(_nodes(of, subgraph) if subgraph in NODES else _subgraph(of, subgraph))
    if not (members := of.enterable(subgraph)):
        return text
    return f"""{text}
        scalar _Any
        union _Entity = {" | ".join(members)}
        extend type {of.root_name(subgraph, "Query")} {{
          _entities(representations: [_Any!]!): [_Entity]!
        }}
    """


def merged_sdl(of: Structure) -> str:
    """The schema that clients see."""
    blocks = []
    for entity in of.entities.values():
        is_node = any(entity.name in of.implementers(subgraph) for subgraph in of.subgraphs)
        names = {name for subgraph in (*entity.keys, *entity.stubs) for name in entity.key_fields(subgraph)}
        lines = [f"{name}: {KEY_FIELDS[name]}" for name in sorted(names)]
        lines += [_line(of, entity.name, one) for one in entity.fields if not one.is_hidden]
        lines += [_line(of, "Node", one) for one in of.node_fields if is_node]
        blocks.append(_block(f"type {entity.name}{' implements Node' if is_node else ''}", lines))
    blocks.append(_block("type Query", [_line(of, "Query", root) for root in of.roots]))
    if of.mutations:
        blocks.append(_block("type Mutation", [_line(of, "Mutation", one) for one in of.mutations]))
    blocks += [_union(of, subgraph) for subgraph in of.subgraphs]
    of_node = [_line(of, "Node", one) for one in of.node_fields]
    if any(of.has_common(subgraph) for subgraph in of.subgraphs):
        of_node.append(f"{COMMON}: Int")
    blocks += [_block("interface Node", ["id: ID!", *of_node]), "type Ref { code: ID! no: Int }", _LEAVES]
    parts = sorted({part for parts in of.parts.values() for part in parts})
    blocks.append(_block("type V", [f"{part}: Int" for part in parts]))
    return without_directives("\n".join(blocks))


def without_directives(sdl: str) -> str:
    return re.sub(r'@\w+(\((fields|from)(: "[^"]*"|, |label|resolvable: false)*\))?', "", sdl)


def _subgraph(of: Structure, subgraph: str) -> str:
    blocks = [_entity(of, subgraph, entity) for entity in of.entities.values()]
    roots = [_line(of, "Query", root, subgraph) for root in of.roots if subgraph in root.owners]
    changes = [_line(of, "Mutation", one, subgraph) for one in of.mutations if subgraph in one.owners]
    query, mutation = of.root_name(subgraph, "Query"), of.root_name(subgraph, "Mutation")
    blocks.append(_block(f"type {query}", roots or [f"none_{subgraph}: Int"]))
    if changes:
        blocks.append(_block(f"type {mutation}", changes))
    if subgraph in of.with_root_names:
        blocks.append(f"schema {{ query: {query} {f'mutation: {mutation}' if changes else ''} }}")
    blocks.append(_union(of, subgraph))
    if of.implementers(subgraph):
        key = ' @key(fields: "id")' if of.node_fields else ""
        common = f"{COMMON}: Int" if of.has_common(subgraph) else ""
        blocks.append(f"interface Node{key} {{ id: ID! {common} }}")
    blocks += ["type Ref @shareable { code: ID! no: Int }", _LEAVES]
    blocks.append(_block("type V @shareable", [f"{part}: Int" for part in of.parts[subgraph]]))
    return "\n".join(blocks)


def _nodes(of: Structure, subgraph: str) -> str:
    own = [one for one in of.node_fields if subgraph in one.owners]
    external = sorted({name for one in own if one.requires for name in names_in(one.requires)})
    lines = ["id: ID!", *(f"{name}: Int @external" for name in external)]
    lines += [_line(of, "Node", one) for one in own]
    roots = [_line(of, "Query", root) for root in of.roots if subgraph in root.owners]
    return "\n".join(
        [
            _block('type Node @key(fields: "id") @interfaceObject', lines),
            _block("type V @shareable", [f"{part}: Int" for part in of.parts[subgraph]]),
            _block("type Query", roots or [f"none_{subgraph}: Int"]),
        ]
    )


def _union(of: Structure, subgraph: str) -> str:
    members = of.members(subgraph) if subgraph not in NODES else ()
    return f"union U_{subgraph} = {' | '.join(members)}" if members else ""


def _entity(of: Structure, subgraph: str, entity: Entity) -> str:
    if subgraph not in entity.keys and subgraph not in entity.stubs:
        return ""
    keys = [f'@key(fields: "{key}")' for key in entity.keys.get(subgraph, ())]
    if stub := entity.stubs.get(subgraph):
        keys.append(f'@key(fields: "{stub}", resolvable: false)')
    implements = " implements Node" if entity.name in of.implementers(subgraph) else ""
    lines = _entity_lines(of, subgraph, entity)
    return _block(f"type {entity.name}{implements} {' '.join(keys)}", lines)


def _entity_lines(of: Structure, subgraph: str, entity: Entity) -> Iterator[str]:
    names = entity.key_fields(subgraph)
    yield from (f"{name}: {KEY_FIELDS[name]}" for name in names)
    external = {name for on, name in of.externals(subgraph) if on == entity.name}
    for one in entity.fields:
        if subgraph in one.owners:
            yield _line(of, entity.name, one, subgraph)
        elif one.overridden_in == subgraph:
            yield f"{one.name}{_ARGUMENTS[one.takes]}: {one.returns}"
        elif one.name in external:
            yield f"{one.name}{_ARGUMENTS[one.takes]}: {one.returns} @external"


def _line(of: Structure, on: str, one: Field, subgraph: str | None = None) -> str:
    """The definition of a field, as an owner of it writes it; the merged schema's without an owner."""
    shared = len(one.owners) > 1 or (on, one.name) in of.provided
    marks = " @shareable" if shared else ""
    if one.requires:
        marks += f' @requires(fields: "{one.requires}")'
    if one.provides:
        marks += f' @provides(fields: "{one.provides}")'
    if one.overridden_in:
        label = f', label: "{one.label}"' if one.label else ""
        marks += f' @override(from: "{one.overridden_in}"{label})'
    if one.is_hidden:
        marks += " @inaccessible"
    is_weak = bool(one.nullable_in) if subgraph is None else subgraph in one.nullable_in
    returns = one.returns.removesuffix("!") if is_weak else one.returns
    if one.narrowed is not None and one.narrowed[0] == subgraph:
        returns = returns.replace(one.named, one.narrowed[1])
    return f"{one.name}{_ARGUMENTS[one.takes]}: {returns}{marks}"


def _block(head: str, lines: "list[str] | Iterator[str]") -> str:
    return f"{head} {{\n" + "\n".join(lines) + "\n}"
