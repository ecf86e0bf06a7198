"""Random schemas, and random ways to split one into subgraphs that compose to it again.

A schema has entities, value types, interfaces, unions, enums and input objects. An entity is in every
subgraph that has a field of it or refers to it, with its keys; its other fields and those of the query root
are in one or several subgraphs. Everything else is whole wherever something refers to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from hypothesis import strategies as st

from plait_schema.subgraph import SubgraphSource

Kind = Literal["type", "interface", "union", "enum", "input"]

LINK = """\
extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [
  "@key", "@override", "@shareable", "@tag"
])
"""
SCALARS = ("ID", "Int", "String", "Boolean", "Day")
TAGS = ("public", "internal", "beta")


@dataclass(frozen=True)
class RandomField:
    """A field, or an enum value when it has no type."""

    name: str
    type: str = ""  # the named type
    wrapping: str = "{}"
    arguments: tuple["RandomField", ...] = ()
    default: str = ""
    suffix: str = ""  # deprecation and tags
    description: str = ""

    @property
    def references(self) -> Iterator[str]:
        yield self.type
        yield from (argument.type for argument in self.arguments)

    def sdl(self, *, federated: bool, ownership: str = "") -> str:
        arguments = ", ".join(argument.sdl(federated=federated) for argument in self.arguments)
        type_ = f": {self.wrapping.format(self.type)}" if self.type else ""
        text = f"{self.description}{self.name}{f'({arguments})' if arguments else ''}{type_}{self.default}"
        suffix = self.suffix if federated else self.suffix.partition(" @tag")[0]
        return f"{text}{ownership if federated else ''}{suffix}"


@dataclass(frozen=True)
class RandomType:
    kind: Kind
    name: str
    fields: tuple[RandomField, ...] = ()
    members: tuple[str, ...] = ()  # of a union, or the types that implement an interface
    keys: tuple[str, ...] = ()
    tag: str = ""

    def sdl(self, part: "Part", *, federated: bool) -> str:
        head = f"{self.kind} {self.name}"
        if self.kind == "union":
            return f"{head}{self.tag if federated else ''} = {' | '.join(self.members)}"
        if interfaces := part.implemented.get(self.name):
            head += f" implements {' & '.join(interfaces)}"
        if federated:
            head += "".join(f' @key(fields: "{key}")' for key in self.keys) + self.tag
        fields = "\n".join(
            f"  {each.sdl(federated=federated, ownership=part.ownership.get((self.name, each.name), ''))}"
            for each in self.fields
            if each.name in part.fields.get(self.name, (each.name,))
        )
        return f"{head} {{\n{fields}\n}}"


@dataclass(frozen=True)
class Part:
    """What one subgraph has: fields of entities and of the query root, and the types of all kinds."""

    types: frozenset[str] = frozenset()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)  # where it is not all of them
    implemented: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ownership: Mapping[tuple[str, str], str] = field(default_factory=dict)  # @shareable or @override


@dataclass(frozen=True)
class Federation:
    """The subgraphs, and the schema that clients must see."""

    subgraphs: tuple[SubgraphSource, ...]
    sdl: str


WRAPPINGS = st.sampled_from(["{}", "{}!", "[{}]", "[{}!]!", "[[{}]]"])
SUFFIXES = st.sampled_from(
    ["", "", "", ' @deprecated(reason: "Old.")', *(f' @tag(name: "{tag}")' for tag in TAGS)]
)
DESCRIPTIONS = st.sampled_from(["", "", "", '"Some words." '])


@dataclass(frozen=True)
class Owners:
    """The subgraphs that have a field: together, or the first takes it over from the second."""

    subgraphs: tuple[str, ...]
    override: str

    def directive(self, subgraph: str) -> str:
        if len(self.subgraphs) < 2:
            return ""
        if not self.override:
            return " @shareable"
        taker, source = self.subgraphs
        return self.override.format(f'"{source}"') if subgraph == taker else ""


@st.composite
def federations(draw: st.DrawFn) -> Federation:
    """A schema and its split into two to four subgraphs."""
    types = draw(schemas())
    names = draw(st.lists(st.sampled_from(["a", "b-b", "C", "d1"]), min_size=2, max_size=4, unique=True))
    owners = {
        (type_.name, each.name): Owners(
            tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))),
            draw(
                st.sampled_from(["", "", " @override(from: {})", ' @override(from: {}, label: "percent(5)")'])
            ),
        )
        for type_ in types.values()
        if type_.keys or type_.name == "Query"
        for each in type_.fields
    }
    parts = {name: part_of(name, types, owners) for name in names}
    return Federation(
        tuple(
            SubgraphSource(
                name, f"http://{name}.example", "\n".join([LINK, *_definitions(types, part, True)])
            )
            for name, part in parts.items()
        ),
        "\n".join(_definitions(types, _whole(types, parts.values()), False)),
    )


@st.composite
def schemas(draw: st.DrawFn) -> Mapping[str, RandomType]:
    """Types by name, with a query root."""
    enums = [f"Enum{index}" for index in range(draw(st.integers(0, 2)))]
    inputs = [f"Input{index}" for index in range(draw(st.integers(0, 2)))]
    values = [f"Value{index}" for index in range(draw(st.integers(0, 2)))]
    entities = [f"Entity{index}" for index in range(draw(st.integers(1, 3)))]
    abstract = {
        name: tuple(sorted(draw(st.sets(st.sampled_from(members), min_size=1))))
        for name, members in (("Interface0", entities), ("Union0", [*entities, *values]))
        if draw(st.booleans())
    }
    ins = [*SCALARS, *enums, *inputs]
    outs = [*SCALARS, *enums, *values, *entities, *abstract]
    tag = SUFFIXES.map(lambda suffix: suffix if "@tag" in suffix else "")

    def fields(prefix: str, types: Sequence[str], smallest: int = 0) -> tuple[RandomField, ...]:
        count = draw(st.integers(smallest, 3))
        return tuple(_draw_field(draw, f"{prefix}{index}", types, ins) for index in range(count))

    found = [RandomType("enum", name, tuple(_draw_value(draw, f"V{i}") for i in range(2))) for name in enums]
    for index, name in enumerate(inputs):  # they refer to earlier ones only, so that none needs itself
        found.append(
            RandomType("input", name, _as_input(draw, fields("in", [*SCALARS, *enums, *inputs[:index]], 1)))
        )
    key = RandomField("id", "ID", "{}!")
    found += [
        RandomType("type", name, fields("value", [*SCALARS, *enums], 1), tag=draw(tag)) for name in values
    ]
    for name in entities:
        second = RandomField("code", "String", "{}!")
        keys = draw(st.sampled_from([("id",), ("id", "id code")]))
        own = (key, second) if len(keys) > 1 else (key,)
        found.append(RandomType("type", name, (*own, *fields(f"of{name}", outs)), (), keys, draw(tag)))
    for name, members in abstract.items():
        kind: Kind = "interface" if name.startswith("Interface") else "union"
        found.append(RandomType(kind, name, (key,) if kind == "interface" else (), members, tag=draw(tag)))
    found.append(RandomType("type", "Query", fields("query", outs, 1)))
    return {type_.name: type_ for type_ in found}


def _draw_field(draw: st.DrawFn, name: str, types: Sequence[str], ins: Sequence[str]) -> RandomField:
    arguments = tuple(
        RandomField(f"arg{index}", draw(st.sampled_from(ins)), draw(WRAPPINGS))
        for index in range(draw(st.integers(0, 2)))
    )
    return RandomField(
        name,
        draw(st.sampled_from(types)),
        draw(WRAPPINGS),
        tuple(replace(argument, default=_default(draw, argument)) for argument in arguments),
        suffix=draw(SUFFIXES),
        description=draw(DESCRIPTIONS),
    )


def _draw_value(draw: st.DrawFn, name: str) -> RandomField:
    return RandomField(name, suffix=draw(SUFFIXES), description=draw(DESCRIPTIONS))


def _as_input(draw: st.DrawFn, fields: tuple[RandomField, ...]) -> tuple[RandomField, ...]:
    return tuple(
        replace(each, arguments=(), default=_default(draw, each), suffix=_optional(each)) for each in fields
    )


def _optional(each: RandomField) -> str:
    """A required input field cannot be deprecated."""
    return "" if "@deprecated" in each.suffix and each.wrapping.endswith("!") else each.suffix


def _default(draw: st.DrawFn, value: RandomField) -> str:
    if value.type != "Int" or draw(st.booleans()):
        return ""
    return f" = {value.wrapping.replace('!', '').format('1')}"


def part_of(subgraph: str, types: Mapping[str, RandomType], owners: Mapping[tuple[str, str], Owners]) -> Part:
    """What the subgraph has, given who has which field of the entities and the query root."""
    fields: dict[str, frozenset[str]] = {}
    for name, type_ in types.items():
        keys = frozenset(" ".join(type_.keys).split())
        if type_.keys or name == "Query":
            own = {each.name for each in type_.fields if subgraph in owners[name, each.name].subgraphs}
            fields[name] = keys | own
    starts = [
        name for name in fields if any(subgraph in owners[name, each].subgraphs for each in fields[name])
    ]
    present = _closure(starts, types, fields)
    interfaces = [types[name] for name in sorted(present) if types[name].kind == "interface"]
    return Part(
        types=frozenset(present),
        fields=fields,
        implemented={
            name: [interface.name for interface in interfaces if name in interface.members]
            for name in present
        },
        ownership={
            (name, each.name): _ownership(subgraph, name, each.name, types, owners)
            for name in present
            for each in types[name].fields
        },
    )


def _ownership(
    subgraph: str,
    type_: str,
    name: str,
    types: Mapping[str, RandomType],
    owners: Mapping[tuple[str, str], Owners],
) -> str:
    """Keys are in all subgraphs without saying so, and value types are shared."""
    if types[type_].kind != "type" or name in " ".join(types[type_].keys).split():
        return ""
    return owners[type_, name].directive(subgraph) if (type_, name) in owners else " @shareable"


def _closure(
    starts: Sequence[str], types: Mapping[str, RandomType], fields: Mapping[str, frozenset[str]]
) -> set[str]:
    """The types, and all that they refer to as far as the subgraph has their fields."""
    waiting, present = list(starts), set[str]()
    while waiting:
        name = waiting.pop()
        if name in types and name not in present:
            present.add(name)
            waiting += types[name].members
            for each in types[name].fields:
                if each.name in fields.get(name, (each.name,)):
                    waiting += each.references
    return present


def _whole(types: Mapping[str, RandomType], parts: Iterable[Part]) -> Part:
    """All that the parts have together."""
    parts = tuple(parts)
    return Part(
        types=frozenset().union(*(part.types for part in parts)),
        implemented={
            name: sorted({each for part in parts for each in part.implemented.get(name, ())})
            for name in types
        },
    )


def _definitions(types: Mapping[str, RandomType], part: Part, federated: bool) -> Iterator[str]:
    yield "scalar Day"
    for name, type_ in types.items():
        if name in part.types:
            yield type_.sdl(part, federated=federated)
