"""The `plait` command: packages add verbs to it through entry points, applications in plait.yaml."""

import errno
import os
import sys
from difflib import get_close_matches
from pathlib import Path

import click

from plait_schema.application_verbs import ApplicationVerbs
from plait_schema.verb_help import described
from plait_schema.verbs import installed, lacks_extra, load_command

_VERBS = "plait.commands"
_CONFIG = Path("plait.yaml")

USAGE_ERROR = 3  # 1 and 2 mean "the answer is no" and "timed out", in every verb


class _Verbs(click.Group):
    """Loads a verb's module only when the verb is used, not to describe it. Installed verbs come before an
    application's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*installed(_VERBS), *ApplicationVerbs.beside(_CONFIG).names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        verb = installed(_VERBS).get(cmd_name)
        if verb is not None:
            return load_command(verb, called=f"plait {cmd_name}")
        return ApplicationVerbs.beside(_CONFIG).load(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        described = click.Group(
            commands={name: found for name in self.list_commands(ctx) if (found := self._described(name))}
        )
        described.format_commands(ctx, formatter)

    def _described(self, name: str) -> click.Command | None:
        """A verb by its source; loaded, where that does not say enough or it cannot work."""
        verb, application = installed(_VERBS).get(name), ApplicationVerbs.beside(_CONFIG)
        if verb is None:
            return application.described(name) or application.load(name)
        if found := None if lacks_extra(verb) else described(name, verb.value.partition(" ")[0]):
            return found
        return load_command(verb, called=f"plait {name}")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's; a verb that there is not is explained."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            close = get_close_matches(name, self.list_commands(ctx), n=1)
            why = f"Did you mean {close[0]!r}?" if close else ApplicationVerbs.beside(_CONFIG).without(name)
            raise click.UsageError(f"No such command {name!r}. {why}", ctx)
        return super().resolve_command(ctx, args)


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plait")
@click.pass_context
def plait(context: click.Context) -> None:
    """Braid many services into one GraphQL graph: compose, plan, serve.

    The application that a plait.yaml in this folder names adds verbs of its own.

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
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        click.echo(f"Error: the output cannot be written: {error.strerror}.", err=True)
        code = USAGE_ERROR
    sys.exit(code if isinstance(code, int) else 0)
