"""Keys come and go, and no token that is still valid is ever signed by a key that is not published."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.identity.keys import (
    PRIVATE_KEYS_FILE,
    PUBLIC_KEYS_FILE,
    KeyRing,
    KeyStore,
    Rotation,
    SigningKeyError,
    Standing,
)
from subgraphs.kernel.testing.clock import FakeClock

NOW = FakeClock().now()
QUARTER = timedelta(minutes=15)
ROTATION = Rotation(every=timedelta(days=90), lead=QUARTER, tokens_live=QUARTER)


def store(folder: Path, clock: FakeClock) -> KeyStore:
    return KeyStore(folder, ROTATION, clock)


def standings(ring: KeyRing, now: datetime) -> list[Standing]:
    return [ring.standing(key, now) for key in ring.keys]


def test_a_new_key_is_published_before_it_signs() -> None:
    ring = KeyRing.new(NOW).rotated(NOW, ROTATION)
    old, new = ring.keys
    assert standings(ring, NOW) == [Standing.SIGNING, Standing.NEXT]
    assert ring.published(NOW, ROTATION) == (old, new)
    assert ring.signer(NOW + QUARTER - timedelta(seconds=1)) == old
    assert ring.signer(NOW + QUARTER) == new


def test_an_old_key_is_published_until_its_last_token_has_expired() -> None:
    ring = KeyRing.new(NOW).rotated(NOW, ROTATION)
    old, new = ring.keys
    last_expiry = NOW + 2 * QUARTER
    assert standings(ring, last_expiry) == [Standing.RETIRED, Standing.SIGNING]
    assert ring.published(last_expiry, ROTATION) == (old, new)
    assert ring.published(last_expiry + timedelta(minutes=1), ROTATION) == (new,)


def test_the_private_half_of_a_key_goes_when_it_signs_no_more() -> None:
    ring = KeyRing.new(NOW).rotated(NOW, ROTATION)
    assert ring.is_tended(NOW, ROTATION)
    assert not ring.is_tended(NOW + QUARTER, ROTATION)
    tended = ring.tended(NOW + QUARTER, ROTATION)
    assert [key.jwk.is_private for key in tended.keys] == [False, True]
    assert [key.kid for key in tended.keys] == [key.kid for key in ring.keys]


@given(st.lists(st.integers(0, 200 * 24 * 60), max_size=12))
def test_whenever_it_is_tended_what_signs_is_published_while_its_tokens_live(minutes: list[int]) -> None:
    ring, signed = KeyRing.new(NOW), list[tuple[str, datetime]]()
    for minute in sorted(minutes):
        now = NOW + timedelta(minutes=minute)
        ring = ring.tended(now, ROTATION)
        assert ring.is_tended(now, ROTATION)
        signer = ring.signer(now)
        assert signer.jwk.is_private
        signed.append((signer.kid, now + ROTATION.tokens_live))
        published = {key.kid for key in ring.published(now, ROTATION)}
        assert {kid for kid, expires in signed if expires >= now} <= published
        assert len(published) <= 3


def test_the_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    clock = FakeClock()
    kid = store(tmp_path, clock).open().keys[0].kid
    assert [key.kid for key in store(tmp_path, clock).open().keys] == [kid]
    assert stat.S_IMODE((tmp_path / PRIVATE_KEYS_FILE).stat().st_mode) == 0o600
    shown = sorted(file.name for file in tmp_path.iterdir() if not file.name.endswith(".lock"))
    assert shown == [PRIVATE_KEYS_FILE, PUBLIC_KEYS_FILE]
    assert '"d"' not in (tmp_path / PUBLIC_KEYS_FILE).read_text()


def test_who_signs_makes_the_next_key_when_it_is_due_and_all_processes_follow(tmp_path: Path) -> None:
    clock = FakeClock()
    one, other = store(tmp_path, clock), store(tmp_path, clock)
    one.open()
    first = other.signer().kid
    clock.advance(ROTATION.every - ROTATION.lead)
    assert one.signer().kid == first
    clock.advance(ROTATION.lead)
    second = other.signer().kid
    assert second != first
    assert one.signer().kid == second
    assert len(one.ring().keys) == 2
    clock.advance(timedelta(hours=1))
    one.signer()
    assert [key.kid for key in other.ring().keys] == [second]
    assert first not in (tmp_path / PUBLIC_KEYS_FILE).read_text()


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", "null", '{"keys": []}', '{"keys": [{"signs_from": "2025-09-01T08:00:00Z", "jwk": {}}]}',
     '{"keys": [{"signs_from": "2025-09-01T08:00:00Z", "jwk": {"kty": "oct", "k": "AAAA"}}]}'],
)  # fmt: skip
def test_spoilt_keys_are_named_not_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / PRIVATE_KEYS_FILE).write_text(content)
    with pytest.raises(SigningKeyError, match=PRIVATE_KEYS_FILE):
        store(tmp_path, FakeClock()).open()
    assert (tmp_path / PRIVATE_KEYS_FILE).read_text() == content


def test_without_keys_there_is_nothing_to_sign_with(tmp_path: Path) -> None:
    with pytest.raises(SigningKeyError, match="there are no keys"):
        store(tmp_path, FakeClock()).signer()
