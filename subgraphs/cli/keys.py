"""`plait keys`: the keys that sign access tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from subgraphs.cli.opening import data_dir_option
from subgraphs.cli.output import Column, Format, confirm, format_option, print_json, print_table, tell
from subgraphs.cli.times import ago
from subgraphs.identity.app import key_store
from subgraphs.identity.keys import KeyRing, KeyStore, SigningKeyError
from subgraphs.kernel.domain.clock import SystemClock
from subgraphs.kernel.settings import Settings, SettingsError

_COLUMNS = (Column("KEY", flexible=True), Column("STANDING"), Column("SIGNS FROM"))
_HELP = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=_HELP)
def keys() -> None:
    """The keys that sign access tokens.

    By themselves they are followed by new ones every PLAIT_SIGNING_KEY_DAYS (90). A new key is published a
    quarter of an hour before it signs, an old one stays published until its last token has expired.
    """


@keys.command("list", context_settings=_HELP)
@data_dir_option
@format_option
def list_(data_dir: Path, format_: Format) -> None:
    """List the keys that are published: the next one, the one that signs, those that signed before.

    \b
    Exit codes:
      0  done
      3  bad usage, or keys that cannot be used
    """
    now = datetime.now(UTC)
    with _store(data_dir) as store:
        ring = store.ring()
    shown = [(key, ring.standing(key, now).value) for key in ring.published(now, store.rotation)]
    if format_ is Format.JSON:
        listed = [
            {"kid": key.kid, "standing": standing, "signs_from": key.signs_from.isoformat()}
            for key, standing in shown
        ]
        print_json({"keys": listed})
    else:
        print_table(_COLUMNS, [(key.kid, standing, ago(key.signs_from, now)) for key, standing in shown])


@keys.command(context_settings=_HELP)
@click.option(
    "--revoke",
    is_flag=True,
    help="The keys so far are in the wrong hands: whatever they have signed is refused from now on.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_dir_option
@format_option
def rotate(revoke: bool, yes: bool, data_dir: Path, format_: Format) -> None:
    """Have another key sign.

    It is published at once, and signs in a quarter of an hour. With --revoke it signs at once, and the others
    are withdrawn: everybody has to refresh, or to log in. Processes that run notice by themselves.

    \b
    Examples:
      plait keys rotate
      plait keys rotate --revoke --yes

    \b
    Exit codes:
      0  done
      3  bad usage, or keys that cannot be used
    """
    if revoke:
        confirm("Every access token will be refused from now on. Go on?", yes=yes)
    now = datetime.now(UTC)
    with _store(data_dir) as store:
        ring = store.change(lambda ring: KeyRing.new(now) if revoke else ring.rotated(now, store.rotation))
    key = ring.keys[-1]
    when = "from now on" if revoke else f"from {key.signs_from:%Y-%m-%d %H:%M:%SZ}"
    tell(f"{key.kid} signs {when}.", {"kid": key.kid, "signs_from": key.signs_from.isoformat()}, format_)


@contextmanager
def _store(data_dir: Path) -> Iterator[KeyStore]:
    """The keys of a data folder; what is wrong with them becomes one clear line."""
    try:
        store = key_store(Settings.from_environment(data_dir), SystemClock())
        store.ring()
        yield store
    except SettingsError as error:
        raise click.ClickException(f"{error} [{error.code}]") from None
    except SigningKeyError as error:
        raise click.ClickException(f"{error} [BAD_SETTINGS]") from None
