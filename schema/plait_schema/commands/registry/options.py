"""What every command that speaks to a registry takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from plait_schema.registry.client import ClientError, RegistryClient
from plait_schema.registry.errors import RegistryError
from plait_schema.registry.model import VariantId

TIMED_OUT = 2

_Command = TypeVar("_Command", bound=Callable[..., Any])


class VariantType(click.ParamType[VariantId]):
    """`graph@variant`, or `graph` for its variant `current`."""

    name = "GRAPH@VARIANT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> VariantId:
        try:
            return VariantId.parse(value)
        except RegistryError as error:
            self.fail(error.message, param, ctx)


has_format = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for scripts.",
)


def speaks_to_registry(command: _Command) -> _Command:
    """Adds --registry and --token, which may also come from the environment."""
    token = click.option(
        "--token",
        envvar="PLAIT_TOKEN",
        show_envvar=True,
        metavar="SECRET",
        help="A token of the registry; better in the environment than on the command line.",
    )
    registry = click.option(
        "--registry",
        "url",
        envvar="PLAIT_REGISTRY",
        show_envvar=True,
        default="http://127.0.0.1:4400",
        show_default=True,
        metavar="URL",
    )
    return registry(token(command))


@contextmanager
def asking(url: str, token: str | None, *, timeout: float = 120) -> Iterator[RegistryClient]:
    """A client for the block; what goes wrong with the registry ends the command with one clear line.

    `timeout` is in seconds: a large graph composes meanwhile.
    """
    if not url.startswith(("http://", "https://")):
        raise click.ClickException(f"{url} is not an http or https url.")
    try:
        yield RegistryClient(url, token, timeout)
    except ClientError as error:
        raise click.ClickException(f"{error}.") from error
    except TimeoutError as error:
        click.echo(f"Error: the registry {url} did not answer within {timeout:g} s.", err=True)
        raise click.exceptions.Exit(TIMED_OUT) from error
