"""The `plait` command: a group whose verbs other packages add through entry points."""

import os
import sys

import click

from plait_schema.verbs import installed, load_command

_VERBS = "plait.commands"

USAGE_ERROR = 3  # 1 and 2 mean "the answer is no" and "timed out", in every verb


class _Verbs(click.Group):
    """Loads a verb's module only when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(installed(_VERBS))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        verb = installed(_VERBS).get(cmd_name)
        return None if verb is None else load_command(verb, called=f"plait {cmd_name}")


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
