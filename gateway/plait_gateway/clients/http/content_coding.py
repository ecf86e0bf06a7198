"""Unpacking of answers that were packed on the way (RFC 9110, 8.4)."""

import sys
import zlib
from typing import Protocol

from plait_gateway.clients.http.failures import ExchangeFailed, broke_off, too_large

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = ("zstd", "gzip", "deflate")

_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_MEMBERS = 64  # each one costs a copy of all that follows it
_ZSTD = {int(zstd.DecompressionParameter.window_log_max): 23}  # 8 MB, which is enough by RFC 9659
_DEFLATE_METHOD = 8  # in the lower half of a zlib stream's first byte


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class Unpacker:
    """Unpacks one body piece by piece, and never into more than `limit` bytes in all."""

    def __init__(self, coding: str, limit: int) -> None:
        """`coding` is a Content-Encoding; raises ExchangeFailed for one that was not accepted."""
        if coding not in (*ACCEPTED, "x-gzip"):
            raise ExchangeFailed("its answer is packed in a way that was not asked for", coding)
        self._coding = coding
        self._limit = limit
        self._left = limit
        self._members = 0
        self._current: _Decompressor | None = None

    def unpack(self, data: bytes) -> bytes:
        """What the next piece of the packed body holds; raises ExchangeFailed."""
        pieces: list[bytes] = []
        while data:
            if self._current is None or self._current.eof:
                self._current = self._begin(data)  # there may be several members, or frames
            try:
                piece = self._current.decompress(data, max_length=self._left + 1)
            except (zlib.error, zstd.ZstdError) as error:
                raise ExchangeFailed("its answer could not be unpacked", str(error)) from error
            self._left -= len(piece)
            if self._left < 0:
                raise too_large(self._limit)
            pieces.append(piece)
            data = self._current.unused_data  # what is not output yet is none: there was room for more
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def end(self) -> None:
        """The packed body has ended; raises ExchangeFailed if it should not have."""
        if self._current is not None and not self._current.eof:
            raise broke_off()

    def _begin(self, data: bytes) -> _Decompressor:
        self._members += 1
        if self._members > _MEMBERS:
            raise ExchangeFailed("its answer could not be unpacked", "too many members")
        match self._coding:
            case "zstd":
                return zstd.ZstdDecompressor(options=_ZSTD)
            case "deflate":  # zlib's format, and raw deflate to servers that took it by its name
                return zlib.decompressobj(_ZLIB if data[0] & 0x0F == _DEFLATE_METHOD else _RAW)
            case _:
                return zlib.decompressobj(_GZIP)
