"""The whole academy behind its gateway, in one process: who is there, and what is whose.

Everything was made by those who may, through the graph. What is private is marked: a text that only some may
ever read.
"""

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from graphql import GraphQLSchema

from plait_gateway.app import create_app
from plait_gateway.config import AuthenticationConfig
from plait_gateway.config_file import read_config
from plait_gateway.supergraph import SupergraphHolder
from plait_schema.supergraph import read_supergraph
from subgraphs.contexts import CONTEXTS
from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.identity import Role
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.testing.client import GraphQLClient
from tests.gateway.asgi_client import AsgiClient

_REPOSITORY: Final = Path(__file__).parents[3]
_SETTINGS: Final = _REPOSITORY / "plait.yaml"
_SUPERGRAPH: Final = _REPOSITORY / "subgraphs" / "supergraph.graphql"

PEOPLE: Final[Mapping[str, Role | None]] = {
    "visitor": None,
    "student": Role.STUDENT,
    "stranger": Role.STUDENT,
    "tutor": Role.TUTOR,
    "colleague": Role.TUTOR,
    "staff": Role.STAFF,
    "admin": Role.ADMIN,
    "super_admin": Role.SUPER_ADMIN,
}
"""`student` and `tutor` own what there is; `stranger` and `colleague` have the same roles, and nothing."""

STAFF: Final = frozenset({"staff", "admin", "super_admin"})

_UNLIMITED: Final = 1_000_000_000


@dataclass(frozen=True)
class Known:
    """What is known of the town by names: tokens of people, ids of people and things."""

    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Town:
    """The academy at work."""

    platform: Platform
    contexts: Mapping[str, BoundedContext]
    gateway: AsgiClient
    database: Path
    schema: GraphQLSchema
    known: Known
    watching: sqlite3.Connection

    @property
    def ids(self) -> dict[str, str]:
        return self.known.ids

    @property
    def tokens(self) -> dict[str, str]:
        return self.known.tokens

    async def ask(self, person: str, document: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The whole response of the gateway."""
        answer = await self.gateway.graphql(document, dict(variables or {}), headers=self._headers(person))
        return answer.json

    async def ask_subgraph(
        self, subgraph: str, person: str, document: str, variables: Mapping[str, Any] | None = None
    ) -> Any:
        """The whole response of a subgraph that is asked past the gateway."""
        client = GraphQLClient(self.contexts[subgraph].asgi, token=self.tokens.get(person))
        return await client.execute(document, **(variables or {}))

    async def does(self, person: str, mutation: str, selection: str, **given: Any) -> Any:
        """The payload of a mutation that succeeds."""
        document = f"{mutation}(input: $input) {{ {selection} errors {{ code message field }} }}"
        assert self.schema.mutation_type is not None
        kind = self.schema.mutation_type.fields[mutation].args["input"].type
        answer = await self.ask(person, f"mutation ($input: {kind}) {{ {document} }}", {"input": given})
        assert "errors" not in answer, answer
        payload = answer["data"][mutation]
        assert payload["errors"] == [], (mutation, payload["errors"])
        return payload

    async def settle(self) -> None:
        """Everything that follows from what was done has happened."""
        await Worker(self.platform.transactions).drain()
        while await Sequencer(self.platform.transactions).step():
            pass
        projections = [one for context in self.contexts.values() for one in context.projections]
        await Projector(self.platform.transactions, projections).drain()

    def version(self) -> int:
        """Another number when anything stored has changed."""
        (number,) = self.watching.execute("PRAGMA data_version").fetchone()
        return int(number)

    def snapshot(self) -> sqlite3.Connection:
        """All that is stored."""
        kept = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.database)) as connection:
            connection.backup(kept)
        return kept

    def restore(self, snapshot: sqlite3.Connection) -> None:
        """Have everything be as it was."""
        with closing(sqlite3.connect(self.database)) as connection:
            snapshot.backup(connection)
        self.platform.withdrawals._of_users.clear()  # as a process that begins with this database

    def _headers(self, person: str) -> dict[str, str]:
        found = self.tokens.get(person)
        return {} if found is None else {"authorization": f"Bearer {found}"}


@asynccontextmanager
async def opened(folder: Path, known: Known) -> AsyncIterator[Town]:
    """The town in a folder, which may be empty."""
    settings = Settings(
        folder,
        password_rounds=4,
        requests_per_minute=_UNLIMITED,
        queries_per_minute=_UNLIMITED,
        anonymous_requests_per_minute=_UNLIMITED,
        sign_ins_per_hour=_UNLIMITED,
        patience=timedelta(0),
    )
    platform = Platform.open(settings, threads=False, contracts=CONTRACTS)
    try:
        contexts = {name: known.build(platform) for name, known in CONTEXTS.items()}
        platform.add(*contexts.values())
        await migrate(platform.database, tuple(contexts.values()))
        holder = SupergraphHolder()
        assert holder.replace(_SUPERGRAPH.read_text(encoding="utf-8")) == ()
        authentication = AuthenticationConfig(jwks=str(settings.jwks_file))
        config = replace(read_config(_SETTINGS), dev=True, authentication=authentication)
        clients = {name: one.asgi for name, one in contexts.items()}
        gateway = AsgiClient(create_app(config, holder, clients=clients))
        database = folder / "platform.db"
        with closing(sqlite3.connect(database)) as watching:
            yield Town(platform, contexts, gateway, database, _api_schema(), known, watching)
    finally:
        await platform.close()


def _api_schema() -> GraphQLSchema:
    return read_supergraph(_SUPERGRAPH.read_text(encoding="utf-8")).api_schema
