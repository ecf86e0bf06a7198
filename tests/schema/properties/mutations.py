"""Subgraphs that are nearly good: the golden cases, with some of their nodes, tokens or bytes changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    NameNode,
    Node,
    StringValueNode,
    parse,
    print_ast,
)
from hypothesis import strategies as st

from plait_schema.composition import compose
from plait_schema.subgraph import SubgraphSource
from tests.schema.golden import read_case

Path_ = tuple[tuple[str, int | None], ...]
"""The way to a node: attributes, and places in lists."""

_CASES = Path(__file__).parent.parent
_TOKEN = re.compile(r'"""(?:[^"]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*|\s+|\.\.\.|\w+|.', re.DOTALL)
_NAMES = [
    "__x",
    "join__Graph",
    "join__Type",
    "link__Import",
    "core__Feature",
    "_Entity",
    "_Any",
    "_Service",
    "_entities",
    "_service",
    "__typename",
    "__Schema",
    "Query",
    "Mutation",
    "Subscription",
    "String",
    "ID",
    "Int",
    "Boolean",
    "federation__FieldSet",
    "FieldSet",
    "key",
    "join__type",
    "link",
    "tag",
    "a",
    "id",
]
_TEXTS = [
    *(
        "",
        "id",
        "{",
        "id {",
        "id(a: 1)",
        "... on User { id }",
        "... { id }",
        "__typename",
        "id id",
        "$c { id }",
    ),
    *(
        "$c",
        "@key",
        "id: a",
        "...F",
        "x { y }",
        "Query",
        "percent(5)",
        "percent(500)",
        "\n",
        "\0",
        "id # end",
    ),
    *("https://specs.apollo.dev/federation/v2.12", "https://specs.apollo.dev/federation/v9.9"),
    *("https://specs.apollo.dev/join/v0.5", "https://specs.apollo.dev/tag/v0.3", "https://x.dev/a/v1.0"),
]
_DIRECTIVES = """
    @tag(name: "x") @inaccessible @external @shareable @interfaceObject @key(fields: "id") @key(fields: 7)
    @key(fields: "id", resolvable: false) @requires(fields: "id") @provides(fields: "id") @override(from: "a")
    @override(from: "users", label: "percent(5)") @authenticated @deprecated @oneOf @specifiedBy(url: "x")
    @context(name: "c") @fromContext(field: "$c { id }") @cost(weight: 5) @listSize(assumedSize: 1)
    @policy(policies: [["a"]]) @requiresScopes(scopes: [["a"]]) @composeDirective(name: "@a") @extends
    @cacheTag(format: "a{$key.id}") @federation__key(fields: "id") @join__type(graph: A)
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", { name: "@tag", as: "@t" }])
"""
_SCRAPS = [
    *_NAMES,
    *'{}()[]!:=|&$@"#,\n\\',
    '"""',
    "extend",
    "type",
    "schema",
    "directive",
    "on",
    "1e999",
    "null",
]


@cache
def good_subgraphs() -> tuple[tuple[SubgraphSource, ...], ...]:
    """The golden cases that compose."""
    read = (read_case(path).subgraphs for path in sorted(_CASES.glob("*/cases/**/*.md")))
    return tuple(found for found in read if found and compose(found).supergraph_sdl)


@st.composite
def nearly_good(draw: st.DrawFn) -> tuple[SubgraphSource, ...]:
    """A case with one of its subgraphs changed, in its grammar mostly."""
    return _edited(draw, draw(st.sampled_from(good_subgraphs())))


@st.composite
def edits(draw: st.DrawFn) -> tuple[tuple[SubgraphSource, ...], ...]:
    """A case, what becomes of it by one change after the other, and the case again."""
    start = subgraphs = draw(st.sampled_from(good_subgraphs()))
    states = [start]
    for _ in range(draw(st.integers(1, 3))):
        is_broken = any(not _parsed(each.sdl).definitions for each in subgraphs)
        subgraphs = _edited(draw, start if is_broken else subgraphs)
        states.append(subgraphs)
    return (*states, start)


def _edited(draw: st.DrawFn, subgraphs: Sequence[SubgraphSource]) -> tuple[SubgraphSource, ...]:
    place = draw(st.integers(0, len(subgraphs) - 1))
    sdl = subgraphs[place].sdl
    match draw(st.sampled_from(["nodes", "nodes", "nodes", "tokens", "bytes"])):
        case "nodes":
            sdl = _with_other_nodes(draw, sdl, subgraphs)
        case "tokens":
            sdl = _with_other_tokens(draw, sdl)
        case _:
            sdl = _with_other_bytes(draw, sdl)
    return (*subgraphs[:place], replace(subgraphs[place], sdl=sdl), *subgraphs[place + 1 :])


def _with_other_bytes(draw: st.DrawFn, sdl: str) -> str:
    content = bytearray(sdl.encode())
    for _ in range(draw(st.integers(1, 4))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return content.decode(errors="replace")


def _with_other_tokens(draw: st.DrawFn, sdl: str) -> str:
    tokens = _TOKEN.findall(sdl)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(tokens) - 1))
        tokens[start : start + draw(st.integers(0, 2))] = [draw(st.sampled_from([*_SCRAPS, *tokens]))]
    return "".join(tokens)


def _with_other_nodes(draw: st.DrawFn, sdl: str, subgraphs: Sequence[SubgraphSource]) -> str:
    document = parse(sdl, no_location=True)
    others = [node for each in subgraphs for _, node in _walk(_parsed(each.sdl))]
    for _ in range(draw(st.integers(1, 3))):
        document = _changed(draw, document, others)
    return print_ast(document)


def _changed(draw: st.DrawFn, document: DocumentNode, others: Sequence[Node]) -> DocumentNode:
    places = [(path, node) for path, node in _walk(document) if path]
    if not places:
        return document
    match draw(st.sampled_from(["delete", "double", "other", "rename", "rename all", "apply", "text"])):
        case "delete" | "double" as change:
            lists = [(path, node) for path, node in places if path[-1][1] is not None]
            path, node = draw(st.sampled_from(lists))
            return _with(document, path, [] if change == "delete" else [node, node])
        case "other":
            path, node = draw(st.sampled_from(places))
            return _with(document, path, draw(st.sampled_from(_alike(node, others))))
        case "rename" | "rename all" as change:
            names = [(path, node) for path, node in places if isinstance(node, NameNode)]
            path, node = draw(st.sampled_from(names))
            name = draw(st.sampled_from(_NAMES) | st.sampled_from([node.value for _, node in names]))
            all_ = [each for each, other in names if other.value == node.value]
            for each in all_ if change == "rename all" else [path]:
                document = _with(document, each, NameNode(value=name))
            return document
        case "apply":
            bearers = [(path, node) for path, node in places if hasattr(node, "directives")]
            path, node = draw(st.sampled_from(bearers))
            applied = [*(node.directives or ()), draw(st.sampled_from(_directives()))]
            return _with(document, path, replace(node, directives=tuple(applied)))  # type: ignore[call-arg]  # it bears
        case _:
            texts = [path for path, node in places if isinstance(node, StringValueNode)]
            if not texts:
                return document
            text = StringValueNode(value=draw(st.sampled_from(_TEXTS)), block=False)
            return _with(document, draw(st.sampled_from(texts)), text)


def _alike(node: Node, others: Sequence[Node]) -> list[Node]:
    return [other for other in others if type(other) is type(node)] or [node]


@cache
def _directives() -> tuple[DirectiveNode, ...]:
    definition: Any = parse(f"type Query {_DIRECTIVES} {{ a: Int }}", no_location=True).definitions[0]
    return tuple(definition.directives)


@cache
def _parsed(sdl: str) -> DocumentNode:
    try:
        return parse(sdl, no_location=True)
    except GraphQLError:
        return DocumentNode(definitions=())


def _walk(node: Node, path: Path_ = ()) -> Iterator[tuple[Path_, Node]]:
    yield path, node
    for field in fields(node):
        match getattr(node, field.name):
            case Node() as child:
                yield from _walk(child, (*path, (field.name, None)))
            case tuple() as children:
                for place, child in enumerate(children):
                    if isinstance(child, Node):
                        yield from _walk(child, (*path, (field.name, place)))


def _with(document: DocumentNode, path: Path_, new: Node | list[Node]) -> DocumentNode:
    changed: DocumentNode = _put(document, path, new)
    return changed


def _put(node: Any, path: Path_, new: Node | list[Node]) -> Any:
    """The tree with another node, or some, at the end of the path."""
    (attribute, place), rest = path[0], path[1:]
    value = getattr(node, attribute)
    if place is None:
        return replace(node, **{attribute: _put(value, rest, new) if rest else new})
    inner = [_put(value[place], rest, new)] if rest else new if isinstance(new, list) else [new]
    return replace(node, **{attribute: (*value[:place], *inner, *value[place + 1 :])})
