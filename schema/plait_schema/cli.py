"""The `plait` command: a group whose verbs other packages add through entry points."""

import os
import sys
from importlib.metadata import EntryPoint, entry_points
from typing import cast

import click

USAGE_ERROR = 3  # 1 and 2 mean "the answer is no" and "timed out", in every verb


class _Verbs(click.Group):
    """Loads a verb's module only when the verb is used, so that `plait compose` pays for no gateway."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_installed())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        verb = _installed().get(cmd_name)
        if verb is None:
            return None
        try:
            return cast(click.Command, verb.load())
        except ModuleNotFoundError as error:
            if not verb.extras:
                raise
            return _missing_extra(verb, error)


def _installed() -> dict[str, EntryPoint]:
    return {verb.name: verb for verb in entry_points(group="plait.commands")}


def _missing_extra(verb: EntryPoint, error: ModuleNotFoundError) -> click.Command:
    extras = ",".join(verb.extras)
    needs = f"needs {error.name}: pip install 'plait[{extras}]'"

    @click.command(name=verb.name, help=f"({needs})", context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1)
    def missing(arguments: tuple[str, ...]) -> None:
        raise click.ClickException(f"`plait {verb.name}` {needs}")

    return missing


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plait")
@click.pass_context
def plait(context: click.Context) -> None:
    """Braid many services into one GraphQL graph: compose, plan, serve.

    Exit codes of every verb: 0 fine, 1 the answer is no (composition errors, failed checks),
    2 timed out, 3 bad usage or input. Terminals get colours, unless NO_COLOR is set.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


def main() -> None:
    """Run the command line; usage errors exit with 3, since 2 means "timed out" here."""
    try:
        code = plait.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = USAGE_ERROR
    except click.Abort:
        code = 130
    sys.exit(code if isinstance(code, int) else 0)
