"""Making random federations and random operations on them, from a seed and a size."""

import random
from dataclasses import replace

from graphql import (
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_interface_type,
    is_leaf_type,
    is_object_type,
)

from tests.gateway.properties.federations import KEYS, LABELS, NODES, PARTS, Entity, Federation, Field


def random_federation(seed: int, *, subgraphs: int, entities: int, fields: int) -> Federation:
    """A federation of that size; not every one composes."""
    chance = random.Random(seed)
    names = tuple("abcd"[:subgraphs])
    types = tuple(f"T{number}" for number in range(entities))
    keys = {name: _random_keys(chance, names) for name in types}
    node_fields: tuple[Field, ...] = ()
    if chance.random() < 0.3 and any("id" in one.get(names[0], ()) for one in keys.values()):
        node_fields = (Field("node_f0", "Int", (NODES,)), Field("node_f1", "[Node]", (NODES,)))
    known = {name: Entity(name, keys[name]) for name in types}
    empty = Federation(seed, names, known, (), {}, (), node_fields)
    made = {name: Entity(name, keys[name], _random_fields(chance, name, empty, fields)) for name in types}
    made = {name: _with_provides(chance, one, made) for name, one in made.items()}
    parts = {name: tuple(part for part in PARTS if chance.random() < 0.6) or ("x",) for name in names}
    roots = tuple(
        Field(f"root{number}_{name}", _random_object(chance, name, empty), (name,))
        for name in names
        for number in range(chance.choice((0, 1, 1, 2)))
        if empty.members(name)
    )
    if chance.random() < 0.3:
        roots += (Field("root_v", "V", names),)
    mutations = tuple(
        Field(f"change{number}_{name}", _random_object(chance, name, empty), (name,))
        for name in names
        for number in range(chance.choice((0, 1, 2)))
        if empty.members(name)
    )
    if node_fields:
        roots += (Field("root_nodes", "[Node]", (NODES,)),)
        names = (*names, NODES)
    return Federation(seed, names, made, roots, parts, mutations, node_fields)


def _random_keys(chance: random.Random, subgraphs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    having = [name for name in subgraphs if chance.random() < 0.75] or [subgraphs[0]]
    favourite = chance.choice(("id", *KEYS))
    keys = {}
    for name in having:
        own = [favourite] if chance.random() < 0.85 else []
        own += [key for key in KEYS if chance.random() < 0.25 and key not in own]
        keys[name] = tuple(own or [chance.choice(KEYS)])
    return keys


def _random_fields(chance: random.Random, type_name: str, of: Federation, count: int) -> tuple[Field, ...]:
    having = list(of.entities[type_name].keys)
    made: list[Field] = []
    prefix = type_name.lower()
    if chance.random() < 0.4:
        made.append(Field(f"{prefix}_v", "V", tuple(having)))
    for number in range(count):
        name = f"{prefix}_f{number}"
        owner = chance.choice(having)
        kind = chance.random()
        needed = [one.name for one in made if owner not in one.owners and _can_be_required(one, owner, of)]
        if needed and kind < 0.35:
            chosen = tuple(sorted(chance.sample(needed, min(len(needed), chance.choice((1, 1, 2))))))
            made.append(Field(name, "Int", (owner,), requires=chosen))
        elif kind < 0.65:
            owners = (
                (owner,)
                if chance.random() < 0.7
                else tuple(n for n in having if n == owner or chance.random() < 0.5)
            )
            returns = chance.choice(("Int", "Int", "Int!"))
            others = [n for n in having if n not in owners]
            if others and len(owners) == 1 and chance.random() < 0.2:
                moved_from, label = chance.choice(others), chance.choice((None, *LABELS))
                made.append(Field(name, returns, owners, overridden_in=moved_from, label=label))
            else:
                strict = chance.choice(owners) if returns == "Int" and chance.random() < 0.6 else None
                has_argument = chance.random() < 0.25
                made.append(Field(name, returns, owners, has_argument=has_argument, non_null_in=strict))
        else:
            made.append(Field(name, _random_object(chance, owner, of), (owner,)))
    return tuple(made)


def _can_be_required(one: Field, by: str, of: Federation) -> bool:
    """Integers, and entities of which the requiring subgraph has the `id`, also those below Node."""
    if one.named == "Int":
        return one.overridden_in != by
    if one.named == "Node":
        nodes = of.implementers(one.owners[0])
        return not of.node_fields and bool(nodes) and set(nodes) <= set(of.implementers(by))
    return one.named in of.implementers(by)


def _with_provides(chance: random.Random, entity: Entity, all_of: dict[str, Entity]) -> Entity:
    """Some fields that return an entity provide a field that their subgraph cannot resolve elsewhere."""
    return replace(entity, fields=tuple(_providing(chance, one, all_of) for one in entity.fields))


def _providing(chance: random.Random, one: Field, all_of: dict[str, Entity]) -> Field:
    if one.requires or one.named not in all_of or chance.random() < 0.6:
        return one
    choices = [
        each.name
        for each in all_of[one.named].fields
        if each.named == "Int"
        and not each.requires
        and not each.has_argument
        and each.overridden_in is None
        and one.owners[0] not in each.owners
    ]
    return replace(one, provides=chance.choice(choices)) if choices else one


def _random_object(chance: random.Random, subgraph: str, of: Federation) -> str:
    targets = [*of.members(subgraph) * 3, f"U_{subgraph}"] + (["Node"] if of.implementers(subgraph) else [])
    wrapping = chance.choice(("{}", "{}", "[{}]", "[{}]", "[{}!]", "[[{}]]", "{}"))
    return wrapping.format(chance.choice(targets))


VARIABLES = {"yes": "true", "no": "false"}


INTROSPECTION = "__schema { queryType { name } }", 'kind_of_t: __type(name: "T0") { kind name }'


def random_operation(seed: int, schema: GraphQLSchema, *, depth: int) -> str:
    """An operation that may be valid: response keys can lead to different things.

    They are the fields' names with a number for each combination of arguments, or tell the fields' type:
    then fields of different objects are together under one key.
    """
    chance = random.Random(seed)
    writer = _Writer(chance, schema)
    root, kind = schema.query_type, "query"
    if schema.mutation_type is not None and chance.random() < 0.2:
        root, kind = schema.mutation_type, "mutation"
    selection = writer.selection(root, depth)
    if kind == "query" and chance.random() < 0.1:
        selection = f"{{ {chance.choice(INTROSPECTION)} {selection[1:]}"
    text = selection + "".join(writer.fragments)
    declared = [f"${name}: Boolean = {value}" for name, value in VARIABLES.items() if f"${name}" in text]
    variables = f"({', '.join(declared)})" if declared else ""
    return f"{kind}{variables} {text}"


class _Writer:
    def __init__(self, chance: random.Random, schema: GraphQLSchema) -> None:
        self.chance = chance
        self.schema = schema
        self.fragments: list[str] = []
        self.shared: dict[tuple[str, str], str] = {}  # what a type's objects have under a shared key

    def selection(self, parent: object, depth: int) -> str:
        parts = [self.part(parent, depth) for _ in range(self.chance.randrange(1, 5))]
        return "{ " + " ".join(part for part in parts if part) + " __typename }"

    def part(self, parent: object, depth: int) -> str:
        roll = self.chance.random()
        if is_abstract_type(parent) and (roll < 0.75 or not is_interface_type(parent)):
            chosen = self.chance.choice(list(self.schema.get_possible_types(parent)))
            return f"... on {chosen}{self.directive()} {self.selection(chosen, depth)}"
        if is_object_type(parent) and roll < 0.12:
            wider = [parent, *parent.interfaces]
            chosen = self.chance.choice(wider)
            if self.chance.random() < 0.5:
                name = f"F{len(self.fragments)}"
                self.fragments.append("")
                body = self.selection(chosen, depth)
                self.fragments[int(name[1:])] = f"\nfragment {name} on {chosen} {body}"
                return f"...{name}{self.directive()}"
            return f"... on {chosen}{self.directive()} {self.selection(chosen, depth)}"
        fields = parent.fields  # type: ignore[attr-defined]  # object types and interfaces have them
        choices = [
            one for name, one in sorted(fields.items()) if depth or is_leaf_type(get_named_type(one.type))
        ]
        names = [name for name, one in sorted(fields.items()) if one in choices]
        if not names:
            return ""
        name = self.chance.choice(names)
        returned = get_named_type(fields[name].type)
        key = name
        arguments = ""
        if fields[name].args:
            number = self.chance.choice((None, 1, 2, 5))
            arguments = "" if number is None else f"(n: {number})"
            key = f"{name}_{number}: {name}" if number is not None else name
        elif (roll := self.chance.random()) < 0.15:
            key = f"other_{name}: {name}"
        elif roll < 0.5:
            wrapped = str(fields[name].type).replace("[", "list_").replace("]", "").replace("!", "_now")
            shared = f"same_{wrapped}"
            if self.shared.setdefault((str(parent), shared), name) == name:  # else it means two things
                key = f"{shared}: {name}"
        nested = "" if is_leaf_type(returned) else " " + self.selection(returned, depth - 1)
        return f"{key}{arguments}{self.directive()}{nested}"

    def directive(self) -> str:
        if self.chance.random() < 0.9:
            return ""
        return self.chance.choice(
            (" @skip(if: $no)", " @skip(if: $yes)", " @include(if: $yes)", " @include(if: $no)")
        )
