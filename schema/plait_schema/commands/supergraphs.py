"""What commands say of a file that is no supergraph."""

import click

from plait_schema.supergraph import SupergraphError


def unusable_supergraph(name: str, error: SupergraphError) -> click.ClickException:
    """The code, the place and what is wrong."""
    place = "".join(f":{at.line}:{at.column}" for at in error.locations[:1])
    return click.ClickException(f"{name}{place}: {error.code}: {error.message}")
