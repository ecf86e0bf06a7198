"""Third stage: what of the operation the client may not see."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from inspect import isawaitable
from typing import TypeAlias

from plait_gateway.authorization import Denied, Identity, OperationAccess, Requirements
from plait_gateway.config import AuthorizationConfig
from plait_gateway.errors import UNAUTHORIZED_FIELD_OR_TYPE
from plait_gateway.pipeline.request import Refused
from plait_gateway.supergraph import ServedGraph

#: Chooses which of the policies that an operation meets hold for a client.
DecidePolicies: TypeAlias = Callable[[Identity, frozenset[str]], Iterable[str] | Awaitable[Iterable[str]]]


@dataclass(frozen=True, slots=True)
class Gate:
    """Applies the configuration. Where nobody decides on policies, none of them hold."""

    config: AuthorizationConfig
    decide_policies: DecidePolicies | None = None

    def requirements_of(self, graph: ServedGraph) -> Requirements:
        """What the graph asks of its clients."""
        access = graph.supergraph.access if self.config.enforce else {}
        return Requirements(graph.supergraph.api_schema, access)

    async def denied(self, access: OperationAccess, identity: Identity) -> Denied | Refused | None:
        """What a client may not see; Refused where that is to be no answer at all."""
        return self.judge(access, identity, await self._holding(identity, access.policies))

    def judge(
        self, access: OperationAccess, identity: Identity, policies: frozenset[str] = frozenset()
    ) -> Denied | Refused | None:
        """The same for a client for whom these policies hold."""
        denied = access.denied_to(identity, policies)
        if denied is None or not self.config.reject_unauthorized:
            return denied
        errors = tuple(
            UNAUTHORIZED_FIELD_OR_TYPE.at_node(
                field.node, f"You are not authorized to see {field.coordinate}"
            )
            for field in access.fields_of(denied)
        )
        return Refused(errors, status=403 if identity.is_authenticated else 401)

    async def _holding(self, identity: Identity, policies: frozenset[str]) -> frozenset[str]:
        if not policies or self.decide_policies is None:
            return frozenset()
        decided = self.decide_policies(identity, policies)
        return policies & frozenset(await decided if isawaitable(decided) else decided)
