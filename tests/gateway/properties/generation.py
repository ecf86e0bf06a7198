"""Making random federations and random operations on them, from a seed and a size."""

import random
from collections.abc import Iterator
from dataclasses import replace

from graphql import (
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_interface_type,
    is_leaf_type,
    is_object_type,
)

from tests.gateway.properties.federations import LABELS, Federation
from tests.gateway.properties.structure import COMMON, KEYS, NODES, PARTS, Entity, Field, Structure


def random_federation(seed: int, *, subgraphs: int, entities: int, fields: int) -> Federation:
    """A federation of that size; not every one composes."""
    return Federation(seed, random_structure(random.Random(seed), subgraphs, entities, fields))


def random_structure(chance: random.Random, subgraphs: int, entities: int, fields: int) -> Structure:
    names = tuple("abcd"[:subgraphs])
    old = tuple(name for name in names if chance.random() < 0.5) if chance.random() < 0.25 else ()
    known = {f"T{number}": _random_keys(chance, f"T{number}", names, old) for number in range(entities)}
    node_fields: tuple[Field, ...] = ()
    has_id = any("id" in one.keys.get(names[0], ()) for one in known.values())
    if chance.random() < 0.3 and has_id and not old:
        node_fields = tuple(_random_node_fields(chance))
    having_parts = (*names, *NODES) if node_fields else names
    of = Structure(
        names,
        known,
        (),
        (),
        {name: tuple(part for part in PARTS if chance.random() < 0.6) or ("x",) for name in having_parts},
        node_fields,
        old,
        tuple(name for name in names if chance.random() < 0.15),
    )
    has_common = chance.random() < 0.4
    made = {name: replace(one, fields=_random_fields(chance, one, of, fields)) for name, one in known.items()}
    if has_common:
        made = {name: _with_common(chance, one, old) for name, one in made.items()}
    of = replace(of, entities=made)
    of = replace(of, entities={name: _with_provides(chance, one, of) for name, one in made.items()})
    if node_fields and of.has_common(names[0]) and chance.random() < 0.7:
        requiring = Field("node_common", "Int", (chance.choice(NODES),), requires=COMMON)
        of = replace(of, node_fields=(*node_fields, requiring))
    roots, mutations = tuple(_random_roots(chance, of)), tuple(_random_mutations(chance, of))
    if node_fields:
        roots += (Field("root_nodes", "[Node]", (chance.choice(NODES),)),)
        of = replace(of, subgraphs=(*names, *NODES))
    return replace(of, roots=roots, mutations=mutations)


def _random_node_fields(chance: random.Random) -> Iterator[Field]:
    """Fields of Node's objects in the subgraphs that cannot tell these apart."""
    first, second = chance.sample(NODES, 2)
    yield Field("node_f0", "Int", (first,))
    yield Field("node_f1", chance.choice(("[Node]", "Node", "[[Node]]")), (chance.choice(NODES),))
    if chance.random() < 0.5:
        yield Field("node_f2", "Int", (second,), requires="node_f0")
    if chance.random() < 0.3:
        yield Field("node_f3", "Int", (first,), requires="node_f2" if chance.random() < 0.5 else "node_f4")
        yield Field("node_f4", "Int", (second,))
    if chance.random() < 0.3:
        yield Field("node_v", "V", NODES)


def _random_keys(
    chance: random.Random, type_name: str, subgraphs: tuple[str, ...], old: tuple[str, ...]
) -> Entity:
    having = [name for name in subgraphs if chance.random() < 0.75] or [subgraphs[0]]
    favourite = chance.choice(("id", *KEYS))
    keys: dict[str, tuple[str, ...]] = {}
    for name in having:
        own = [favourite] if chance.random() < 0.85 else []
        own += [key for key in KEYS if chance.random() < 0.2 and key not in own]
        keys[name] = tuple(own or [chance.choice(KEYS)])
    known = sorted({key for own in keys.values() for key in own})
    stubs = {
        name: chance.choice(known)
        for name in subgraphs
        if name not in keys and name not in old and chance.random() < 0.4
    }
    return Entity(type_name, keys, stubs)


def _random_fields(chance: random.Random, entity: Entity, of: Structure, count: int) -> tuple[Field, ...]:
    made: list[Field] = []
    prefix = entity.name.lower()
    having = list(entity.keys)
    if chance.random() < 0.4:
        owners = tuple(name for name in having if chance.random() < 0.7) or tuple(having)
        made.append(Field(f"{prefix}_v", "V", owners))
    for number in range(count):
        made.append(_random_field(chance, f"{prefix}_f{number}", having, made, of))
    return tuple(made)


def _random_field(
    chance: random.Random, name: str, having: list[str], made: list[Field], of: Structure
) -> Field:
    owner = chance.choice(having)
    kind = chance.random()
    needed = [one for one in made if _can_be_required(one, owner, of)]
    if needed and kind < 0.35:
        chosen = chance.sample(needed, min(len(needed), chance.choice((1, 1, 2))))
        text = " ".join(_needed(chance, one, owner, of) for one in chosen)
        return Field(name, "Int", (owner,), requires=text)
    if kind < 0.65:
        return _random_leaf(chance, name, owner, having, of)
    returns = _random_object(chance, owner, of)
    named = returns.strip("[]!")
    if chance.random() < 0.3 and (narrowed := _narrowed(chance, named, owner, having, of)):
        return Field(name, returns, (owner, narrowed[0]), narrowed=narrowed)
    others = [one for one in having if one != owner and named in of.members(one) and chance.random() < 0.5]
    if chance.random() < 0.2 and owner not in of.of_version_1:
        owners = tuple(one for one in having if one == owner or one in others)
        return Field(name, returns, tuple(one for one in owners if one not in of.of_version_1))
    return Field(name, returns, (owner,))


def _narrowed(
    chance: random.Random, named: str, owner: str, having: list[str], of: Structure
) -> tuple[str, str] | None:
    """Another owner of a field that returns an abstract type, and the one member that it knows."""
    if named in of.entities or of.node_fields or owner in of.of_version_1:
        return None
    member = chance.choice(of.implementers(owner) if named == "Node" else of.members(owner))
    able = [one for one in having if one != owner and member in of.members(one)]
    able = [one for one in able if one not in of.of_version_1]
    return (chance.choice(able), member) if able else None


def _random_leaf(chance: random.Random, name: str, owner: str, having: list[str], of: Structure) -> Field:
    returns = chance.choice(("Int", "Int", "Int!", "Stamp", "Size", "[Int!]"))
    takes = chance.choice(("n", "of")) if returns.strip("[]!") == "Int" and chance.random() < 0.25 else None
    if owner in of.of_version_1:
        return Field(name, returns, (owner,), takes)
    is_hidden = chance.random() < 0.1
    if chance.random() < 0.2 and (others := [one for one in having if one != owner]):
        label = chance.choice((None, *LABELS))
        return Field(name, returns, (owner,), takes, overridden_in=chance.choice(others), label=label)
    owners: tuple[str, ...] = (owner,)
    if chance.random() < 0.3:
        able = [one for one in having if one not in of.of_version_1]
        owners = tuple(one for one in able if one == owner or chance.random() < 0.5)
    weak = tuple(one for one in owners if chance.random() < 0.3) if returns.endswith("!") else ()
    return Field(name, returns, owners, takes, nullable_in=weak, is_hidden=is_hidden)


def _with_common(chance: random.Random, entity: Entity, old: tuple[str, ...]) -> Entity:
    able = [name for name in entity.keys if name not in old]
    owners = tuple(name for name in able if chance.random() < 0.7) or (next(iter(entity.keys)),)
    return replace(entity, fields=(*entity.fields, Field(COMMON, "Int", owners)))


def _can_be_required(one: Field, by: str, of: Structure) -> bool:
    """What the requiring subgraph has not itself; of objects, what it can name of them."""
    if by in one.owners or one.overridden_in == by or one.narrowed:
        return False
    if one.named == "V" or one.is_leaf:
        return True
    if one.named.startswith("U_"):
        return by in one.named and bool(of.members(by))
    if one.named == "Node":
        return bool(of.implementers(by))
    return one.named in of.members(by)


def _needed(chance: random.Random, one: Field, by: str, of: Structure) -> str:
    """A field as a field set has it."""
    if one.is_leaf:
        return f"{one.name}{_argument(chance, one)}"
    if one.named == "V":
        return f"{one.name} {{ {' '.join(of.parts[by])} }}"
    if one.named == "Node":
        types = of.implementers(one.owners[0])
        if of.node_fields or not set(types) <= set(of.implementers(by)):
            return f"{one.name} {{ id }}"
        return f"{one.name} {{ " + " ".join(f"... on {name} {{ id }}" for name in types) + " }"
    members = of.members(by) if one.named.startswith("U_") else (one.named,)
    inner = {name: _named_by(chance, of.entities[name], by, of, 1) for name in members}
    if one.named in members:
        return f"{one.name} {{ {inner[one.named]} }}"
    return f"{one.name} {{ " + " ".join(f"... on {name} {{ {text} }}" for name, text in inner.items()) + " }"


def _named_by(chance: random.Random, entity: Entity, by: str, of: Structure, depth: int) -> str:
    """A key that the subgraph has of an entity, and perhaps other subgraphs' fields."""
    key = (*entity.keys.get(by, ()), *filter(None, (entity.stubs.get(by),)))[0]
    others = [one for one in entity.fields if by not in one.owners and one.overridden_in != by]
    more = [f"{one.name}{_argument(chance, one)}" for one in others if one.is_leaf and chance.random() < 0.3]
    below = [one for one in others if depth and one.named in of.members(by) and chance.random() < 0.2]
    deeper = [
        f"{one.name} {{ {_named_by(chance, of.entities[one.named], by, of, depth - 1)} }}" for one in below
    ]
    return " ".join((key, *more[:1], *deeper[:1]))


def _argument(chance: random.Random, one: Field) -> str:
    number = chance.choice((2, 2, 3))
    return {"n": f"(n: {number})", "of": f"(of: {{ n: {number} }})", None: ""}[one.takes]


def _with_provides(chance: random.Random, entity: Entity, of: Structure) -> Entity:
    """Some fields that return an entity provide a field that their subgraph cannot resolve elsewhere."""
    return replace(entity, fields=tuple(_providing(chance, one, of) for one in entity.fields))


def _providing(chance: random.Random, one: Field, of: Structure) -> Field:
    subgraph = one.owners[0]
    if one.requires or one.is_leaf or len(one.owners) > 1 or one.narrowed or chance.random() < 0.6:
        return one
    if one.named in of.entities:
        return replace(one, provides=_provided(chance, of.entities[one.named], subgraph, of, 2))
    types = of.implementers(subgraph) if one.named == "Node" else of.members(subgraph)
    if one.named != "V":
        name = chance.choice(types)
        inner = _provided(chance, of.entities[name], subgraph, of, 1)
        return replace(one, provides=f"... on {name} {{ {inner} }}" if inner else "")
    return one


def _provided(chance: random.Random, entity: Entity, subgraph: str, of: Structure, depth: int) -> str:
    """A field of an entity that the subgraph lacks, and perhaps one of what it leads to."""
    choices = [
        one
        for one in entity.fields
        if not one.requires
        and one.takes is None
        and one.overridden_in is None
        and not {*one.owners, subgraph} & set(of.of_version_1)
        and subgraph not in one.owners
        and (one.is_leaf or (depth > 1 and one.named in of.members(subgraph)))
    ]
    if not choices:
        return ""
    one = chance.choice(choices)
    if one.is_leaf:
        return one.name
    inner = _provided(chance, of.entities[one.named], subgraph, of, depth - 1)
    if not inner:
        inner = next(iter(of.entities[one.named].key_fields(subgraph)))
        inner += {"ref": " { code }", "refs": " { code }"}.get(inner, "")
    return f"{one.name} {{ {inner} }}"


def _random_roots(chance: random.Random, of: Structure) -> Iterator[Field]:
    for name in of.subgraphs:
        for number in range(chance.choice((0, 1, 1, 2))):
            if of.members(name):
                yield _providing(
                    chance, Field(f"root{number}_{name}", _random_object(chance, name, of), (name,)), of
                )
    if chance.random() < 0.3:
        yield Field("root_v", "V", of.subgraphs)
    if chance.random() < 0.3:
        name = chance.choice(list(of.entities))
        owners = tuple(one for one in of.subgraphs if name in of.members(one) and chance.random() < 0.8)
        if owners and not set(owners) & set(of.of_version_1):
            yield Field("root_shared", chance.choice((name, f"[{name}]")), owners)


def _random_mutations(chance: random.Random, of: Structure) -> Iterator[Field]:
    if chance.random() < 0.7:
        return
    for name in of.subgraphs:
        for number in range(chance.choice((0, 1, 2))):
            if of.members(name):
                yield Field(f"change{number}_{name}", _random_object(chance, name, of), (name,))


def _random_object(chance: random.Random, subgraph: str, of: Structure) -> str:
    targets = [*of.members(subgraph) * 3, f"U_{subgraph}"] + (["Node"] if of.implementers(subgraph) else [])
    wrapping = chance.choice(("{}", "{}", "[{}]", "[{}]", "[{}!]", "[[{}]]", "{}"))
    return wrapping.format(chance.choice(targets))


VARIABLES = {
    "yes": "Boolean = true",
    "no": "Boolean = false",
    "five": "Int = 5",
    "amount": "Amount = { n: 4 }",
}


INTROSPECTION = "__schema { queryType { name } }", 'kind_of_t: __type(name: "T0") { kind name }'


def random_operation(seed: int, schema: GraphQLSchema, *, depth: int) -> str:
    """An operation, mostly valid. Response keys are the fields' names, with a number for each combination
    of arguments; few are names of other fields."""
    chance = random.Random(seed)
    writer = _Writer(chance, schema)
    kind = "mutation" if schema.mutation_type and chance.random() < 0.3 else "query"
    selection = writer.selection(schema.mutation_type if kind == "mutation" else schema.query_type, depth)
    if kind == "query" and chance.random() < 0.1:
        selection = f"{{ {chance.choice(INTROSPECTION)} {selection[1:]}"
    text = selection + "".join(writer.fragments)
    declared = [f"${name}: {rest}" for name, rest in VARIABLES.items() if f"${name}" in text]
    return f"{kind}({', '.join(declared)}) {text}" if declared else f"{kind} {text}"


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
            number = self.chance.choice(("", "1", "2", "5", "variable"))
            arguments = self.argument(next(iter(fields[name].args)), number)
            key = f"{name}_{number}: {name}" if number else name
        elif self.chance.random() < 0.15:
            key = f"other_{name}: {name}"
        elif self.chance.random() < 0.015:
            key = f"{self.chance.choice(list(fields))}: {name}"
        elif self.chance.random() < 0.35:
            wrapped = str(fields[name].type).replace("[", "list_").replace("]", "").replace("!", "_now")
            shared = f"same_{wrapped}"
            if self.shared.setdefault((str(parent), shared), name) == name:  # else it means two things
                key = f"{shared}: {name}"
        nested = "" if is_leaf_type(returned) else " " + self.selection(returned, depth - 1)
        return f"{key}{arguments}{self.directive()}{nested}"

    def argument(self, name: str, number: str) -> str:
        match number, name:
            case "", _:
                return ""
            case "variable", "n":
                return "(n: $five)"
            case "variable", _:
                return "(of: $amount)"
            case _, "n":
                return f"(n: {number})"
            case _:
                return f"(of: {{ n: {number} }})"

    def directive(self) -> str:
        if self.chance.random() < 0.9:
            return ""
        return self.chance.choice(
            (" @skip(if: $no)", " @skip(if: $yes)", " @include(if: $yes)", " @include(if: $no)")
        )
