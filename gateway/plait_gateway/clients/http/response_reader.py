"""From the bytes of a connection to one response, within limits. No I/O."""

from dataclasses import dataclass

import httptools

from plait_gateway.clients.http.content_coding import Unpacker
from plait_gateway.clients.http.failures import ExchangeFailed, broke_off, not_http, too_large
from plait_gateway.clients.send import SubgraphResponse

HEAD_BYTES = 64 * 1024  # header names and values, those of 1xx responses and trailers included
_CHUNK_FRAME_BYTES = 64  # a chunk's size in hex, extensions, and two line ends

_KNOWN_HEADS = 64
_KNOWN_HEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class _KnownHead:
    """What a head said that was followed by its body and nothing else."""

    status: int
    content_type: str
    content_length: int


class ResponseReader:
    """Reads one response after the other, each after an `expect`. The `on_...` methods are the parser's.

    A server says the same again and again: a head that the parser has read before, to the byte, and that its
    whole body came with, is not read anew.
    """

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._known_heads: dict[bytes, _KnownHead] = {}
        self._codings: list[str] = []
        self._transfer_codings: list[bytes] = []
        self.expect(0)
        self._begin()

    def expect(self, limit: int) -> None:
        """A request goes out; its answer's body may have so many bytes, packed and unpacked."""
        self._limit = limit
        self.received = 0
        self._complete = False

    def _begin(self) -> None:
        self._extra = False
        self._keep_alive = False
        self._failure: ExchangeFailed | None = None
        self._header_bytes = 0
        self._body_bytes = 0  # as they came
        self._chunks = 0
        self._body: bytes | bytearray = b""
        self._in_body = False
        self._begin_head()

    def feed(self, data: bytes) -> SubgraphResponse | None:
        """Take the next bytes; the response, once it is complete. Raises ExchangeFailed."""
        is_first = self.received == 0
        self.received += len(data)
        if is_first:
            if (response := self._known(data)) is not None:
                return response
            self._begin()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:
            raise  # a defect of ours
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self._complete:
                raise self._failure or not_http(str(error)) from error
            self._extra = True
        if self._failure is not None:
            raise self._failure
        if not self._complete:
            self._check_framing()
            return None
        if is_first:
            self._remember(data)
        return self._response()

    def _known(self, data: bytes) -> SubgraphResponse | None:
        """The response, if this is all of it, with a head that is known."""
        end = data.find(b"\r\n\r\n", 0, _KNOWN_HEAD_BYTES) + 4
        known = self._known_heads.get(data[:end])
        if known is None or len(data) - end != known.content_length or known.content_length > self._limit:
            return None
        self._complete = self._keep_alive = True
        self._extra = False
        return SubgraphResponse(known.status, known.content_type, data[end:])

    def _remember(self, data: bytes) -> None:
        """Know the head from now on, if it can be followed by its body alone, as it was here."""
        end = data.find(b"\r\n\r\n", 0, _KNOWN_HEAD_BYTES) + 4
        is_plain = self.reusable and not self._codings and not self._transfer_codings
        if is_plain and self._content_length and int(self._content_length) == len(data) - end:
            if len(self._known_heads) >= _KNOWN_HEADS:
                self._known_heads.clear()
            known = _KnownHead(self._status, self._content_type, int(self._content_length))
            self._known_heads[data[:end]] = known

    def end(self) -> SubgraphResponse:
        """The response, if it is complete now that the server sends nothing more. Raises ExchangeFailed."""
        if not self._complete:
            if not self._until_close:
                raise broke_off()
            self._finish()
        if self._failure is not None:
            raise self._failure
        return self._response()

    @property
    def reusable(self) -> bool:
        """After a complete response: may the connection serve another request?"""
        return self._keep_alive and not self._extra

    def _response(self) -> SubgraphResponse:
        """The complete response, which the reader then forgets."""
        body, self._body = bytes(self._body), b""
        return SubgraphResponse(self._status, self._content_type, body)

    def on_message_begin(self) -> None:
        if self._complete:
            self._extra = True
        elif self._status:  # of an interim response, after which the head begins anew
            self._begin_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._complete:
            return
        self._header_bytes += len(name) + len(value) + 4
        if self._header_bytes > HEAD_BYTES:
            self._fail(_head_too_large())
        if self._in_body:  # a trailer
            return
        match name.lower():
            case b"content-type":
                self._content_type = value.decode("latin-1")
            case b"content-length":
                self._content_length = value
            case b"content-encoding":
                self._codings.append(value.decode("latin-1").strip().lower())
            case b"transfer-encoding":
                self._transfer_codings.append(value.strip().lower())

    def on_headers_complete(self) -> None:
        if self._complete:
            return
        self._status = status = self._parser.get_status_code()
        if status < 200:
            if status < 100 or status == 101:
                self._fail(not_http(f"status {status}"))
            return
        if 300 <= status < 400:
            redirect = f"it answered with a redirect ({status}), which is not followed"
            self._fail(ExchangeFailed(redirect))
        if self._transfer_codings and self._transfer_codings != [b"chunked"]:
            self._fail(not_http("a transfer coding that was not asked for"))
        if self._content_length and int(self._content_length) > self._limit:
            self._fail(too_large(self._limit))
        self._in_body = True
        self._until_close = not self._content_length and not self._transfer_codings
        if self._codings:
            self._choose_unpacker()

    def on_chunk_header(self) -> None:
        self._chunks += 1

    def on_body(self, data: bytes) -> None:
        if self._complete or self._failure is not None:
            return
        self._body_bytes += len(data)
        if self._body_bytes > self._limit:
            self._fail(too_large(self._limit))
            return
        if self._unpacker is not None:
            try:
                data = self._unpacker.unpack(data)
            except ExchangeFailed as failure:
                self._fail(failure)
                return
        if not self._body:
            self._body = data
            return
        if isinstance(self._body, bytes):
            self._body = bytearray(self._body)  # not a list: pieces may be many and tiny
        self._body += data

    def on_message_complete(self) -> None:
        if not self._complete and self._status >= 200:
            self._keep_alive = self._parser.should_keep_alive()
            self._finish()

    def _begin_head(self) -> None:
        self._status = 0
        self._content_type = ""
        self._content_length = b""
        self._codings.clear()
        self._transfer_codings.clear()
        self._unpacker: Unpacker | None = None
        self._in_body = False
        self._until_close = False

    def _choose_unpacker(self) -> None:
        codings = ", ".join(coding for coding in self._codings if coding not in ("", "identity"))
        if codings:
            try:
                self._unpacker = Unpacker(codings, self._limit)
            except ExchangeFailed as failure:
                self._fail(failure)

    def _finish(self) -> None:
        self._complete = True
        if self._unpacker is not None:
            try:
                self._unpacker.end()
            except ExchangeFailed as failure:
                self._fail(failure)

    def _fail(self, failure: ExchangeFailed) -> None:
        # Not raised here: the parser would wrap it in an error of its own.
        if self._failure is None:
            self._failure = failure

    def _check_framing(self) -> None:
        """Heads, trailers and chunk extensions that never end; the parser keeps what it has of a header."""
        framing = self.received - self._body_bytes - _CHUNK_FRAME_BYTES * self._chunks
        if framing > 2 * HEAD_BYTES:
            raise _head_too_large()


def _head_too_large() -> ExchangeFailed:
    return ExchangeFailed(f"the head of its answer is larger than {HEAD_BYTES} bytes")
