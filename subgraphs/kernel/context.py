"""What every bounded context gives back when it is built."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.graphql.schema import FederatedSchema
from subgraphs.kernel.messaging.subscriptions import Interest
from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.running.jobs import Job
from subgraphs.kernel.sagas.definition import Saga


@dataclass(frozen=True, slots=True)
class BoundedContext:
    """One context, ready to be served: `asgi` answers GraphQL at `/graphql`.

    `subscriptions` and `sagas` are what it does about messages, `jobs` what it does from time to time,
    `projections` are its read models.
    `Platform.add` it before the first command runs, so that what is published finds its consumers.
    """

    name: str
    asgi: GraphQLApp
    schema: FederatedSchema
    commands: CommandBus
    queries: QueryBus
    migrations: Path
    subscriptions: tuple[Interest[Any], ...] = ()
    sagas: tuple[Saga[Any], ...] = ()
    projections: tuple[Projection, ...] = ()
    jobs: tuple[Job, ...] = ()
