"""Reading a subgraph's answer into Structs: whatever is not as it was asked is handed over."""

from dataclasses import dataclass
from typing import Any

import msgspec

from plait_gateway.clients.send import SubgraphResponse
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.strict_json import InvalidJson, read_json

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """Reads the answers to one fetch. `holds_floats` is whether a number of them may be one."""

    decoder: msgspec.json.Decoder[Any]
    holds_floats: bool

    def read(self, response: SubgraphResponse) -> Any:
        """The data of a good answer. Raises HandOver for every other."""
        if not 200 <= response.status < 300:
            raise HandOver(Reason.STATUS)
        body = response.body
        try:
            decoded = self.decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise HandOver(_why_not(body)) from None
        if self._may_repeat_keys(body, _encode(decoded)) and not _is_strict_json(body):
            raise HandOver(Reason.NOT_JSON)
        return decoded.data

    def _may_repeat_keys(self, body: bytes, written: bytes) -> bool:
        """Whether there may be more in an answer than was read: of repeated keys, the decoder takes the last.

        What was read, written again, is the shortest text for it (of floats aside, for which `1e9` is
        shorter); a text of that length has nothing else in it. One with white space has as many colons,
        unless some are escaped. An answer with more than `data` is for the slow reader to tell.
        """
        if len(body) == len(written) and not self.holds_floats:
            return False
        return b"\\u003" in body or body.count(b":") != written.count(b":")


def _is_strict_json(body: bytes) -> bool:
    try:
        read_json(body)
    except InvalidJson:
        return False
    return True


def _why_not(body: bytes) -> Reason:
    try:
        answer = read_json(body)
    except InvalidJson:
        return Reason.NOT_JSON
    return Reason.ERRORS if isinstance(answer, dict) and answer.get("errors") else Reason.UNEXPECTED
