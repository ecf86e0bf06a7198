"""What a registry has, as command lines name it: GRAPH@VARIANT, and GRAPH@VARIANT:NUMBER for one version."""

import re
from pathlib import Path
from typing import Final

import click

from plait_schema.registry.client import RegistryClient, variant_path
from plait_schema.registry.model import VariantId

_VARIANT: Final = re.compile(r"[A-Za-z][\w-]*@[A-Za-z][\w-]*")
_VERSION: Final = re.compile(rf"({_VARIANT.pattern})(?::([1-9]\d{{0,8}}))?")


def is_variant(name: str) -> bool:
    """Whether it names a variant of a registry, and no file."""
    return _VARIANT.fullmatch(name) is not None and not Path(name).exists()


def is_version(name: str) -> bool:
    """The same for a variant, of which the served version is meant, or one of its versions."""
    return _VERSION.fullmatch(name) is not None and not Path(name).exists()


def supergraph_named(registry: RegistryClient, name: str) -> str:
    """The supergraph's SDL. Raises RegistryError, ClientError, and click.ClickException if none is served."""
    variant, _, number = name.partition(":")
    variant_id = VariantId.parse(variant)
    version = int(number) if number else served_version(registry, variant_id)
    return registry.get_text(f"{variant_path(variant_id)}/versions/{version}/supergraph.graphql")


def served_version(registry: RegistryClient, variant_id: VariantId) -> int:
    """The number of the version that the variant serves; click.ClickException where it serves none."""
    number: int | None = registry.get(variant_path(variant_id))["serving"]
    if number is None:
        raise click.ClickException(f"{variant_id} serves nothing yet.")
    return number
