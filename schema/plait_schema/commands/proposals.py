"""What `plait check` is to check: one subgraph, its deletion, or all subgraphs at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import click

from plait_schema.commands.check_input import Against
from plait_schema.commands.texts import read_schema
from plait_schema.contract import Contract
from plait_schema.sources import read_contracts, read_sources
from plait_schema.subgraph import SubgraphSource


@dataclass(frozen=True, slots=True)
class OneSubgraph:
    """Another version of a subgraph, or a new one."""

    name: str
    schema: Path
    url: str | None

    def source(self, *, url: str) -> SubgraphSource:
        """Its schema; `url` is where it is served if nobody says. Raises click.ClickException."""
        return read_schema(self.name, url if self.url is None else self.url, self.schema)


@dataclass(frozen=True, slots=True)
class Deletion:
    """The end of a subgraph."""

    name: str


@dataclass(frozen=True, slots=True)
class AllSubgraphs:
    """All subgraphs of a supergraph.yaml, and no others."""

    configuration: Path


Proposal: TypeAlias = OneSubgraph | Deletion | AllSubgraphs


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal that was read."""

    subject: str
    sources: tuple[SubgraphSource, ...]
    deleted: frozenset[str] = frozenset()
    contracts: tuple[Contract, ...] = ()


def parse_proposal(
    subgraph: str | None, schema: Path | None, *, delete: bool, url: str | None, subgraphs: Path | None
) -> Proposal:
    """The proposal that options make; click.UsageError for options that do not go together."""
    match subgraph, schema, delete, subgraphs:
        case None, None, False, Path() as configuration:
            return AllSubgraphs(configuration)
        case str(name), None, True, None:
            return Deletion(name)
        case str(name), Path() as file, False, None:
            return OneSubgraph(name, file, url)
        case _:
            raise click.UsageError(
                "Give --subgraph NAME with --schema FILE or --delete; or --subgraphs FILE alone."
            )


def read_proposal(proposal: Proposal, published: Against, *, timeout: float) -> Proposed:
    """What is proposed; what has not changed is left out. Raises click.ClickException."""
    by_name = {source.name: source for source in published.sources}
    match proposal:
        case Deletion(name):
            if name not in by_name:
                raise click.ClickException(
                    f'There is no subgraph "{name}" to delete, but {", ".join(by_name)}.'
                )
            return Proposed(name, (), frozenset({name}))
        case OneSubgraph(name):
            old = by_name.get(name)
            return Proposed(name, (proposal.source(url=old.url if old is not None else ""),))
        case AllSubgraphs(configuration):
            sources = read_sources(configuration, timeout=timeout)
            deleted = frozenset(by_name) - {source.name for source in sources}
            return Proposed(str(configuration), sources, deleted, read_contracts(configuration))
