"""Bytes to a response: what is read, what is refused, and that the cuts between pieces do not matter."""

import gzip
import sys
import zlib
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plait_gateway.clients import SubgraphResponse
from plait_gateway.clients.http.failures import ExchangeFailed
from plait_gateway.clients.http.response_reader import HEAD_BYTES, ResponseReader

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Read:
    """What came of some bytes and the end of the connection."""

    response: SubgraphResponse
    reusable: bool


def read(*pieces: bytes, limit: int = LIMIT) -> Read:
    """As a connection does it; raises ExchangeFailed."""
    reader = ResponseReader()
    reader.expect(limit)
    for piece in pieces:
        if (response := reader.feed(piece)) is not None:
            break
    else:
        response = reader.end()
    return Read(response, reader.reusable)


def outcome(*pieces: bytes) -> SubgraphResponse | str:
    try:
        return read(*pieces).response
    except ExchangeFailed as failure:
        return failure.reason


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *lines, "")).encode()


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


def raw_deflate(data: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(data) + packing.flush()


BODY = b'{"data":{"a":1}}'
GZIPPED = gzip.compress(BODY, mtime=0)
ZSTD = zstd.compress(BODY)
WIDE = b"\x28\xb5\x2f\xfd\x00" + bytes([(27 - 10) << 3]) + b"\x01\x00\x00"  # a frame with a window of 2^27
CHUNKED = "transfer-encoding: chunked"

GOOD = {
    "content-length": head(f"content-length: {len(BODY)}") + BODY,
    "name in capitals": head(f"CONTENT-LENGTH: {len(BODY)}") + BODY,
    "chunked": head(CHUNKED) + chunked(BODY[:3], BODY[3:]),
    "chunk extensions and trailers": (
        head(CHUNKED) + b"%x;a=b\r\n%b\r\n0\r\ncontent-type: a\r\nx: y\r\n\r\n" % (len(BODY), BODY)
    ),
    "until close": head() + BODY,
    "HTTP/1.0 until close": b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    "after 1xx": (
        head(status="100 Continue")
        + head("content-type: text/early", "content-length: 0", status="103 Early Hints")
        + head(f"content-length: {len(BODY)}")
        + BODY
    ),
    "gzip": head(f"content-length: {len(GZIPPED)}", "content-encoding: gzip") + GZIPPED,
    "x-gzip": head(f"content-length: {len(GZIPPED)}", "content-encoding: X-GZip") + GZIPPED,
    "gzip, chunked": head(CHUNKED, "content-encoding: gzip") + chunked(GZIPPED[:5], GZIPPED[5:]),
    "gzip until close": head("content-encoding: gzip") + GZIPPED,
    "gzip in two members": (
        head(CHUNKED, "content-encoding: gzip") + chunked(gzip.compress(BODY[:4]) + gzip.compress(BODY[4:]))
    ),
    "zstd": head(CHUNKED, "content-encoding: zstd") + chunked(ZSTD[:3], ZSTD[3:]),
    "zstd in two frames": (
        head(CHUNKED, "content-encoding: zstd") + chunked(zstd.compress(BODY[:4]) + zstd.compress(BODY[4:]))
    ),
    "deflate": head(CHUNKED, "content-encoding: deflate") + chunked(zlib.compress(BODY)),
    "raw deflate": head(CHUNKED, "content-encoding: deflate") + chunked(raw_deflate(BODY)),
    "identity": head(f"content-length: {len(BODY)}", "content-encoding: identity") + BODY,
}

NOT_HTTP = "it answered with something that is not HTTP"
BROKE_OFF = "its answer broke off"
TOO_LARGE = f"its answer is larger than {LIMIT} bytes"
HEAD_TOO_LARGE = f"the head of its answer is larger than {HEAD_BYTES} bytes"
NOT_UNPACKED = "its answer could not be unpacked"
BOMB = gzip.compress(b" " * 100_000)

BAD = {
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", NOT_HTTP),
    "a request": (b"POST / HTTP/1.1\r\n\r\n", NOT_HTTP),
    "two lengths": (head("content-length: 1", "content-length: 2") + b"aa", NOT_HTTP),
    "length and chunks": (head("content-length: 1", CHUNKED) + chunked(b"a"), NOT_HTTP),
    "a length that is none": (head("content-length: 1x") + b"a", NOT_HTTP),
    "a negative length": (head("content-length: -1"), NOT_HTTP),
    "a length beyond all numbers": (head("content-length: " + "9" * 40), NOT_HTTP),
    "a chunk size that is none": (head(CHUNKED) + b"xyz\r\n", NOT_HTTP),
    "a header without a name": (head(": a", "content-length: 0"), NOT_HTTP),
    "line feeds alone": (b"HTTP/1.1 200 OK\ncontent-length: 0\n\n", NOT_HTTP),
    "packed for the transfer": (head("transfer-encoding: gzip, chunked") + chunked(GZIPPED), NOT_HTTP),
    "another protocol from here on": (head("upgrade: x", "connection: upgrade", status="101 S"), NOT_HTTP),
    "a status below all": (head("content-length: 0", status="099 x"), NOT_HTTP),
    "nothing": (b"HT", BROKE_OFF),
    "half a head": (b"HTTP/1.1 200 OK\r\ncontent-le", BROKE_OFF),
    "only 1xx": (head(status="100 Continue"), BROKE_OFF),
    "half a body": (head("content-length: 9") + b"a", BROKE_OFF),
    "half of the chunks": (head(CHUNKED) + b"2\r\nab\r\n", BROKE_OFF),
    "no end of trailers": (head(CHUNKED) + b"2\r\nab\r\n0\r\n", BROKE_OFF),
    "half a gzip file": (head(CHUNKED, "content-encoding: gzip") + chunked(GZIPPED[:-9]), BROKE_OFF),
    "half a gzip file until close": (head("content-encoding: gzip") + GZIPPED[:-9], BROKE_OFF),
    "not packed at all": (head("content-encoding: gzip") + BODY, NOT_UNPACKED),
    "garbage behind the packed": (head("content-encoding: gzip") + GZIPPED + b"garbage", NOT_UNPACKED),
    "a wrong checksum": (
        head("content-encoding: gzip") + GZIPPED[:-8] + b"\0" * 4 + GZIPPED[-4:],
        NOT_UNPACKED,
    ),
    "members without end": (head("content-encoding: gzip") + gzip.compress(b"") * 51, TOO_LARGE),
    "packed in a way of its own": (
        head("content-length: 1", "content-encoding: br") + b"a",
        "its answer is packed in a way that was not asked for",
    ),
    "not zstd at all": (head("content-encoding: zstd") + BODY, NOT_UNPACKED),
    "half a zstd frame": (head(CHUNKED, "content-encoding: zstd") + chunked(ZSTD[:-3]), BROKE_OFF),
    "zstd that needs 128 MB": (head("content-encoding: zstd") + WIDE, NOT_UNPACKED),
    "zstd over the limit": (head("content-encoding: zstd") + zstd.compress(b" " * 100_000), TOO_LARGE),
    "packed twice": (
        head("content-length: 1", "content-encoding: gzip", "content-encoding: gzip") + b"a",
        "its answer is packed in a way that was not asked for",
    ),
    "a redirect": (
        head("location: /", "content-length: 0", status="307 T"),
        "it answered with a redirect (307), which is not followed",
    ),
    "a length over the limit": (head(f"content-length: {LIMIT + 1}"), TOO_LARGE),
    "chunks over the limit": (head(CHUNKED) + chunked(b"a" * 600, b"a" * 600), TOO_LARGE),
    "until close over the limit": (head() + b"a" * (LIMIT + 1), TOO_LARGE),
    "packed small, unpacked over the limit": (head("content-encoding: gzip") + BOMB, TOO_LARGE),
    "one long header": (head("x: " + "a" * HEAD_BYTES, "content-length: 0"), HEAD_TOO_LARGE),
    "many headers": (head(*["x: y"] * HEAD_BYTES), HEAD_TOO_LARGE),
    "1xx for ever": (head("x: " + "a" * 1000, status="103 Early") * 100, HEAD_TOO_LARGE),
    "a header that does not end": (head()[:-2] + b"x: " + b"a" * 2 * HEAD_BYTES, HEAD_TOO_LARGE),
    "a trailer that does not end": (
        head(CHUNKED) + b"0\r\nx: " + b"a" * 3 * HEAD_BYTES,
        HEAD_TOO_LARGE,
    ),
    "a chunk extension that does not end": (
        head(CHUNKED) + b"1;" + b"a" * 2 * HEAD_BYTES,
        HEAD_TOO_LARGE,
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_response_is_read(name: str) -> None:
    assert read(GOOD[name]).response == SubgraphResponse(200, "", BODY)


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_response_is_refused(name: str) -> None:
    sent, reason = BAD[name]
    assert outcome(sent) == reason


@pytest.mark.parametrize("name", [*GOOD, *BAD])
def test_one_byte_at_a_time_is_the_same(name: str) -> None:
    sent = GOOD[name] if name in GOOD else BAD[name][0]
    assert outcome(*(sent[at : at + 1] for at in range(len(sent)))) == outcome(sent)


@given(sent=st.sampled_from([*GOOD.values(), *(sent for sent, _ in BAD.values())]), data=st.data())
def test_the_cuts_between_pieces_do_not_matter(sent: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=8)))
    pieces = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    assert outcome(*pieces) == outcome(sent)


@given(st.binary(max_size=200), st.sampled_from(list(GOOD.values())), st.data())
def test_damage_is_a_response_or_a_reason_and_never_a_crash(
    noise: bytes, good: bytes, data: st.DataObject
) -> None:
    start, end = sorted((data.draw(st.integers(0, len(good))), data.draw(st.integers(0, len(good)))))
    damaged = good[:start] + noise + good[end:]
    result = outcome(damaged)
    assert isinstance(result, str) or len(result.body) <= LIMIT


def test_the_limit_itself_is_allowed() -> None:
    exact = b"a" * LIMIT
    assert read(head(f"content-length: {LIMIT}") + exact).response.body == exact
    packed = gzip.compress(exact)
    assert read(head("content-encoding: gzip") + packed).response.body == exact


def test_many_members_cost_no_more_than_few() -> None:
    members = gzip.compress(b"") * 65
    with pytest.raises(ExchangeFailed, match="too many members"):
        read(head("content-encoding: gzip") + members, limit=10_000)


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_none(status: int) -> None:
    answer = head("content-length: 5", status=f"{status} x")
    if status == 304:
        assert outcome(answer) == "it answered with a redirect (304), which is not followed"
    else:
        assert read(answer) == Read(SubgraphResponse(204, "", b""), reusable=True)


def test_an_empty_body_needs_no_packing() -> None:
    assert read(head("content-length: 0", "content-encoding: gzip")).response.body == b""


def test_only_what_ends_by_itself_and_says_nothing_else_can_be_followed_by_another() -> None:
    plain = head("content-length: 1") + b"a"
    assert read(plain).reusable
    assert not read(head("content-length: 1", "connection: close") + b"a").reusable
    assert not read(head() + b"a").reusable
    assert not read(plain + plain).reusable
    assert read(plain + plain).response.body == b"a"


def test_one_reader_reads_one_response_after_the_other_and_keeps_nothing() -> None:
    reader = ResponseReader()
    for name in ("gzip", "chunked", "after 1xx", "content-length"):
        reader.expect(LIMIT)
        assert reader.feed(GOOD[name]) == SubgraphResponse(200, "", BODY)
        assert reader.reusable


def test_a_head_that_is_known_says_nothing_about_what_follows_it() -> None:
    reader = ResponseReader()
    plain = GOOD["content-length"]

    def again(answer: bytes, *, limit: int = LIMIT) -> tuple[bytes, bool] | None:
        reader.expect(limit)
        response = reader.feed(answer)
        return None if response is None else (response.body, reader.reusable)

    for _ in range(3):
        assert again(plain) == (BODY, True)
    assert again(plain[:-1] + b"?") == (BODY[:-1] + b"?", True)
    with pytest.raises(ExchangeFailed, match="larger than 1 bytes"):
        again(plain, limit=1)
    reader = ResponseReader()
    assert again(plain) == (BODY, True)
    assert again(plain[:-1]) is None
    assert reader.feed(plain[-1:]) is not None
    assert again(plain + b"x") == (BODY, False)


@given(st.sampled_from([*GOOD.values(), *(bad for bad, _ in BAD.values())]), st.sampled_from(list(GOOD)))
def test_a_reader_that_knows_heads_reads_as_one_that_does_not(answer: bytes, before: str) -> None:
    fresh, experienced = ResponseReader(), ResponseReader()
    experienced.expect(LIMIT)
    if not experienced.feed(GOOD[before]) or not experienced.reusable:
        return
    assert told(experienced, answer) == told(fresh, answer)
    if experienced.reusable:
        assert told(experienced, answer) == told(fresh, answer)


def told(reader: ResponseReader, answer: bytes) -> tuple[SubgraphResponse, bool] | str:
    reader.expect(LIMIT)
    try:
        response = reader.feed(answer) or reader.end()
    except ExchangeFailed as failure:
        return failure.reason
    return response, reader.reusable


def test_the_content_type_is_told_as_it_came() -> None:
    answer = head('Content-Type: application/json; x="\xe9"', "content-length: 0")
    latin = answer.decode().encode("latin-1")
    assert read(latin).response.content_type == 'application/json; x="\xe9"'
