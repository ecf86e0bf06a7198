"""Reading a subgraph's answer into Structs: whatever is not as it was asked is handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from plait_gateway.clients.send import SubgraphResponse
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.strict_json import InvalidJson, read_json

_encode = msgspec.json.Encoder().encode
_encode_into = msgspec.json.Encoder().encode_into

#: What stands around the data of an answer without errors, as the encoder writes it.
_BEFORE_DATA, _BEHIND_DATA = b'{"data":', b"}"


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """Reads the answers to one fetch. `holds_floats` is whether a number of them may be one."""

    decoder: msgspec.json.Decoder[Any]
    holds_floats: bool

    def read(self, response: SubgraphResponse) -> Any:
        """The data of a good answer. Raises HandOver for every other."""
        if not 200 <= response.status < 300:
            raise HandOver(Reason.STATUS)
        return _decoded(response.body, self.decoder, self.holds_floats)[0].data

    def read_text(self, response: SubgraphResponse) -> msgspec.Raw:
        """The same as it is written: compact, and with its fields in the order of the types."""
        if not 200 <= response.status < 300:
            raise HandOver(Reason.STATUS)
        answer, written = _decoded(response.body, self.decoder, self.holds_floats)
        if answer.errors is msgspec.UNSET:
            return msgspec.Raw(written[len(_BEFORE_DATA) : -len(_BEHIND_DATA)])
        return msgspec.Raw(_encode(answer.data))


@dataclass(frozen=True, slots=True)
class EntitiesReader:
    """Reads entities out of an answer that has others, too, which are read otherwise."""

    decoder: msgspec.json.Decoder[Any]
    holds_floats: bool

    def read(self, entities: Iterable[msgspec.Raw]) -> Any:
        """Some of the entities. Raises HandOver where they are not as they were asked."""
        text = b"[%b]" % b",".join(entities)
        return _decoded(text, self.decoder, self.holds_floats)[0]


def _decoded(body: bytes, decoder: msgspec.json.Decoder[Any], holds_floats: bool) -> tuple[Any, bytearray]:
    """What was read, and what the encoder writes of it."""
    try:
        decoded = decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise HandOver(_why_not(body)) from None
    written = bytearray(len(body))  # as long as it will be, most of the time
    _encode_into(decoded, written)
    is_as_long = len(body) == len(written) and not holds_floats
    if not is_as_long and body != written and _may_repeat_keys(body, written):
        raise HandOver(Reason.NOT_JSON)
    return decoded, written


def _may_repeat_keys(body: bytes, written: bytearray) -> bool:
    """Whether there may be more in an answer than was read: of repeated keys, the decoder takes the last.

    What was read, written again, is the shortest text for it (of floats aside, for which `1e9` is
    shorter); a text of that length has nothing else in it. One with white space has as many colons,
    unless some are escaped. An answer with more than `data` is for the slow reader to tell.
    """
    counts_tell = b"\\u003" not in body
    if counts_tell and body.count(b":") == written.count(b":"):
        return False
    return not _is_strict_json(body)


def _is_strict_json(body: bytes) -> bool:
    try:
        read_json(body)
    except InvalidJson:
        return False
    return True


class _Errors(msgspec.Struct):
    errors: Any = None


_errors_in = msgspec.json.Decoder(_Errors).decode


def _why_not(body: bytes) -> Reason:
    """As well as it can be told at a glance: who goes on from here reads the whole answer."""
    try:
        has_errors = bool(_errors_in(body).errors)
    except msgspec.ValidationError:  # JSON, but no object
        return Reason.UNEXPECTED
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Reason.NOT_JSON
    return Reason.ERRORS if has_errors else Reason.UNEXPECTED
