"""Generated functions that make the representations of a fetch, each once, from the objects it goes on from.

Where one leaf is the key, written out:

    def represent(root, places):
        if known := places[5]: return known
        objects = places[4]
        if not objects: return (), b""
        known = {}
        for one in objects:
            if one.f_upc is None: raise HandOver(KEY_IS_NULL)
        numbers = [known.setdefault(one.f_upc, len(known)) for one in objects]
        made = places[5] = (objects, numbers, len(known)), encode([Product(key) for key in known])
        return made
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema
from msgspec import json

from plait_gateway.executor.program.clearing import clearing
from plait_gateway.executor.program.gathering import Gathering, Gatherings
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.layout import Target
from plait_gateway.executor.program.position import Position
from plait_gateway.executor.program.sent import Sent
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import Structs
from plait_gateway.executor.program.visiting import is_of, objects_at

_ENCODER = json.Encoder()
_NAMES = {
    "encode": _ENCODER.encode,
    "encode_lines": _ENCODER.encode_lines,
    "HandOver": HandOver,
    "KEY_IS_NULL": Reason.KEY_IS_NULL,
}


@dataclass(frozen=True, slots=True)
class Representing:
    """How the objects that a fetch goes on from become representations.

    `represent` is a function of (root, places): what the fetch's take function calls copies, and the
    representations as a JSON list, which is empty bytes where there is no object. `are_grouped` is, for each
    path of the fetch, what `take_entities` calls `is_grouped`.
    """

    represent: Callable[..., Any]
    are_grouped: tuple[bool, ...]


@dataclass(slots=True)
class Representations:
    """Compiles representations. Fetches that send the same of the same objects have them in common."""

    gatherings: Gatherings
    structs: Structs
    root: Position
    schema: GraphQLSchema
    _ahead: dict[int, list[Callable[..., Any]]] = field(default_factory=dict)
    _read_later: set[Position] = field(default_factory=set)
    _known: dict[tuple[bool, tuple[Target, ...]], tuple[Callable[..., Any], bool]] = field(
        default_factory=dict
    )

    def of(self, fetch: int, paths: Sequence[Sequence[Target]]) -> Representing:
        """Compile the representations of a fetch of entities, for each of its paths. Raises Refused."""
        made = [self._path(fetch, path, in_lines=len(paths) > 1) for path in paths]
        grouped = tuple(is_grouped for _, is_grouped in made)
        functions = [represent for represent, _ in made]
        return Representing(functions[0] if len(paths) == 1 else _together(functions), grouped)

    def ahead(self, fetch: int) -> list[Callable[..., Any]]:
        """Functions of (root, places) to call as soon as a fetch has been taken.

        They make representations for later fetches, and take out what nothing reads any more: the objects
        are in the processor's caches then, and seldom are when the later fetch is sent.
        """
        return self._ahead.setdefault(fetch, [])

    def clear_ahead(self) -> tuple[Gathering, ...]:
        """Let internal fields be taken out as soon as they are represented; gives those that cannot be."""
        left: list[Gathering] = []
        for gathering in self.gatherings.to_clear:
            (position,) = gathering.positions
            fetch = gathering.collected_by
            is_there = all(slot.brought_by == [fetch] for slot in position.internal)
            if fetch is None or not is_there or position in self._read_later:
                left.append(gathering)
            else:
                self.ahead(fetch).append(clearing(gathering))
        return tuple(left)

    def _path(
        self, fetch: int, targets: Sequence[Target], *, in_lines: bool
    ) -> tuple[Callable[..., Any], bool]:
        same = (in_lines, tuple(targets))
        if (made := self._known.get(same)) is None:
            gathering = self.gatherings.of(target.position for target in targets)
            made = self._known[same] = self._compiled(f"represent_{fetch}", targets, gathering, in_lines)
        return made

    def _compiled(
        self, name: str, targets: Sequence[Target], gathering: Gathering, in_lines: bool
    ) -> tuple[Callable[..., Any], bool]:
        source = Source(name, "root, places")
        listed = [Sent.of(source, target, self.structs, self.schema) for target in targets]
        result = _Result("return ", in_lines)
        if gathering.place is not None:
            if all(sent.is_settled for sent in listed):
                kept = self.gatherings.new_place()
                source.line(f"if known := places[{kept}]: return known")
                result = _Result(f"made = places[{kept}] = ", in_lines)
            source.line(f"objects = places[{gathering.place}]")
        else:
            read = objects_at(gathering.positions, self.root, self.structs)
            source.line(f"objects = {source.constant('objects_at', read)}(root)")
        is_grouped = self._group(source, listed, result)
        if result.keep != "return ":
            source.line("return made")
        represent = source.compile(_NAMES)
        if result.keep != "return " and gathering.collected_by is not None:
            self.ahead(gathering.collected_by).append(represent)
        else:
            self._read_later.update(sent.position for sent in listed)
        self._read_later.update(one for sent in listed for one in sent.reads_below)
        return represent, is_grouped

    def _group(self, source: Source, listed: list[Sent], result: "_Result") -> bool:
        """Write how objects are grouped, and give whether they are."""
        source.line("if not objects: return (), b''")
        if len(listed) > 1:
            _of_several_positions(source, listed, self.structs, result)
            return True
        (sent,) = listed
        if sent.is_told_apart_by_equality:
            is_grouped = sent.position not in self.gatherings.shared or not sent.has_identity
            if is_grouped:
                _by_value(source, sent, result)
            else:
                _one_by_one(source, sent, result)
            return is_grouped
        if sent.is_compared:
            _by_comparison(source, sent, result)
        else:
            _by_text(source, sent, result)
        return True


@dataclass(frozen=True, slots=True)
class _Result:
    """What becomes of copies and representations: these are a JSON list, or a list of their texts."""

    keep: str
    in_lines: bool

    def of(self, source: Source, copies: str, *, made: str) -> None:
        """Give representations, from an expression for a list of them."""
        text = f"encode_lines({made}).splitlines()" if self.in_lines else f"encode({made})"
        source.line(f"{self.keep}({copies}), {text}")

    def of_texts(self, source: Source, copies: str, *, texts: str) -> None:
        """Give representations, from an expression for what iterates over their texts."""
        text = f"list({texts})" if self.in_lines else f'b"[" + b",".join({texts}) + b"]"'
        source.line(f"{self.keep}({copies}), {text}")


def _together(represents: Sequence[Callable[..., Any]]) -> Callable[..., Any]:
    """The representations for several paths, each of them once; see `take_for_each`."""

    def represent(root: Any, places: Any) -> tuple[Any, bytes]:
        known: dict[bytes, int] = {}
        each = []
        for represent_own in represents:
            copies, texts = represent_own(root, places)
            each.append((copies, [known.setdefault(text, len(known)) for text in texts]))
        if not known:
            return (), b""
        return (len(known), each), b"[%b]" % b",".join(known)

    return represent


def _by_comparison(source: Source, sent: Sent, result: _Result) -> None:
    """Objects are grouped by their key, and compared with the first one that has it.

    Nearly always they are equal then, and only the first one has to be written. Others are told apart by the
    JSON of their representation.
    """
    _check_keys(source, sent)
    keys = [f"one.{slot.attribute}" for slot in sent.hashed]
    source.line("known, distinct, numbers = {}, [], []")
    with source.block("for one in objects"):
        key = keys[0] if len(keys) == 1 else f"({', '.join(keys)})"
        source.line(f"number = known.setdefault({key}, len(known))")
        with source.block("if number == len(distinct)"):
            source.line("distinct.append(one)")
        with source.block("else"):
            source.line("first = distinct[number]")
            differs = [f"first.{slot.attribute} != one.{slot.attribute}" for slot in sent.others]
            with source.block(f"if {' or '.join(differs)}"):
                source.line(f"number = known.setdefault(encode({sent.representation}), len(known))")
                source.line("if number == len(distinct): distinct.append(one)")
        source.line("numbers.append(number)")
    made = f"[{sent.representation} for one in distinct]"
    result.of(source, "objects, numbers, len(distinct)", made=made)


def _by_text(source: Source, sent: Sent, result: _Result) -> None:
    """Objects are grouped by the JSON of their representation."""
    _check_keys(source, sent)
    # No text that JSON has holds a line's end.
    source.line(f"texts = encode_lines([{sent.representation} for one in objects]).splitlines()")
    source.line("known = {}")
    source.line("numbers = [known.setdefault(text, len(known)) for text in texts]")
    result.of_texts(source, "objects, numbers, len(known)", texts="known")


def _by_value(source: Source, sent: Sent, result: _Result) -> None:
    """Objects are grouped by the fields of their representation."""
    _check_keys(source, sent)
    is_tuple = len(sent.values) > 1
    key = f"({', '.join(sent.values)})" if is_tuple else sent.values[0]
    source.line("known = {}")
    source.line(f"numbers = [known.setdefault({key}, len(known)) for one in objects]")
    made = f"{sent.made}({'*key' if is_tuple else 'key'})"
    result.of(source, "objects, numbers, len(known)", made=f"[{made} for key in known]")


def _one_by_one(source: Source, sent: Sent, result: _Result) -> None:
    """No two objects have the same representation."""
    _check_keys(source, sent)
    result.of(source, "objects", made=f"[{sent.representation} for one in objects]")


def _check_keys(source: Source, sent: Sent) -> None:
    if sent.has_nullable_key:
        with source.block("for one in objects"):
            sent.check_key(source)


def _of_several_positions(source: Source, listed: Sequence[Sent], structs: Structs, result: _Result) -> None:
    """Objects are grouped by what is sent of them, and apart by where they stand.

    `sent` has the place of each representation among all.
    """
    forms = {(sent.typename, *(one.name for one in sent.fields)) for sent in listed}
    has_one_form = len(forms) == len({sent.typename for sent in listed})
    by_value = has_one_form and all(sent.is_told_apart_by_equality for sent in listed)
    are_apart = by_value and len({sent.typename for sent in listed}) == len(listed)
    source.line("sent, made = {}, []")
    for sent in listed:
        number = sent.position.number
        source.line(f"known_{number}, own_{number}, objects_{number}, numbers_{number} = {{}}, [], [], []")
    with source.block("for one in objects"):
        for place, sent in enumerate(listed):
            test = is_of(source, structs, sent.position, "one")
            is_last = place == len(listed) - 1
            with source.block("else" if is_last else f"{'elif' if place else 'if'} {test}"):
                _group_apart(source, sent, by_value=by_value, are_apart=are_apart)
    total = "len(made)" if by_value else "len(sent)"
    numbers = [sent.position.number for sent in listed]
    parts = [f"own_{number}, objects_{number}, numbers_{number}" for number in numbers]
    copies = f"{total}, {', '.join(parts)}"
    if by_value:
        result.of(source, copies, made="made")
    else:
        result.of_texts(source, copies, texts="sent")


def _group_apart(source: Source, sent: Sent, *, by_value: bool, are_apart: bool) -> None:
    """Group an object of one of several positions; representations of others differ if they `are_apart`."""
    position = sent.position.number
    sent.check_key(source)
    if are_apart:
        source.line(f"key = {', '.join(sent.values)}")
    elif by_value:
        source.line(f"key = {', '.join([repr(sent.typename), *sent.values])}")
    else:
        source.line(f"key = encode({sent.representation})")
    with source.block(f"if (number := known_{position}.get(key)) is None"):
        source.line(f"number = known_{position}[key] = len(own_{position})")
        if are_apart:
            source.line(f"own_{position}.append(len(made))")
            source.line(f"made.append({sent.representation})")
        else:
            source.line("if (place := sent.get(key)) is None:")
            source.line("    place = sent[key] = len(sent)")
            if by_value:
                source.line(f"    made.append({sent.representation})")
            source.line(f"own_{position}.append(place)")
    source.line(f"objects_{position}.append(one)")
    source.line(f"numbers_{position}.append(number)")
