"""The keys that sign are looked at, and followed by others."""

from datetime import UTC, datetime, timedelta

from subgraphs.kernel.platform import Platform
from tests.subgraphs.cli.operator import Operator


def test_a_key_is_followed_by_another_and_all_are_withdrawn_when_one_is_lost(newcomer: Operator) -> None:
    newcomer.with_platform(_nothing)  # whoever starts the platform makes the first key
    (first,) = newcomer.runs("keys", "list", "--format", "json").json["keys"]
    assert first["standing"] == "signing"
    next_key = newcomer.runs("keys", "rotate", "--format", "json").json
    due = datetime.fromisoformat(next_key["signs_from"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < due <= timedelta(minutes=15)
    listed = newcomer.runs("keys", "list").out.splitlines()
    assert [line.split()[0:2] for line in listed] == [
        ["KEY", "STANDING"],
        [first["kid"], "signing"],
        [next_key["kid"], "next"],
    ]
    assert newcomer.runs("keys", "rotate", "--revoke").exit_code == 3  # nobody was asked
    assert newcomer.runs("keys", "rotate", "--revoke", "--yes").out.endswith("signs from now on.\n")
    (only,) = newcomer.runs("keys", "list", "--format", "json").json["keys"]
    assert only["standing"] == "signing"
    assert only["kid"] not in (first["kid"], next_key["kid"])


def test_where_there_are_no_keys_none_is_made(newcomer: Operator) -> None:
    for verb in ("list", "rotate"):
        ran = newcomer.runs("keys", verb)
        assert ran.exit_code == 3
        assert ran.err == f"Error: there are no keys in {newcomer.data_dir} [BAD_SETTINGS]\n"


async def _nothing(_: Platform) -> None: ...
