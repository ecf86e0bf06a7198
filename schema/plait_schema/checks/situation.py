"""Before and after, composed once and shared by the sections of a check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from graphql import GraphQLError, validate

from plait_schema.checks.changes import Change, Graph, diff, graph_of_supergraph
from plait_schema.checks.operations import RecordedOperation, Traffic, traffic_of
from plait_schema.checks.operations.plainly_valid import is_plainly_valid
from plait_schema.checks.places import Places
from plait_schema.checks.plans import Planner
from plait_schema.checks.request import CheckRequest
from plait_schema.composition import Composition, compose


@dataclass(frozen=True)
class Situation:
    """A request, and what follows from it: everything is computed when it is first asked for."""

    request: CheckRequest

    @cached_property
    def base(self) -> Composition:
        """The published subgraphs, composed."""
        return compose(self.request.published)

    @cached_property
    def composition(self) -> Composition:
        """The subgraphs as they would be, composed; what stays the same is taken from the published ones."""
        return compose(self.request.sources, previous=self.base)

    @property
    def supergraph_before(self) -> str | None:
        return self.request.supergraph_sdl or self.base.supergraph_sdl

    @cached_property
    def before(self) -> Graph | None:
        sdl = self.supergraph_before
        return None if sdl is None else graph_of_supergraph(sdl)

    @cached_property
    def after(self) -> Graph | None:
        sdl = self.composition.supergraph_sdl
        return None if sdl is None else graph_of_supergraph(sdl)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """All changes, none where a side is missing."""
        return () if self.before is None or self.after is None else diff(self.before, self.after)

    @cached_property
    def places(self) -> Places:
        """Where the proposed subgraphs have what findings are about."""
        return Places(self.request.proposed, self.request.published)

    @cached_property
    def traffic(self) -> Traffic | None:
        """What clients send; None where nobody knows, or nothing is in the window."""
        graph = self.before or self.after
        if graph is None or self.request.operations is None:
            return None
        usage = self.request.settings.usage
        traffic = traffic_of(self.request.operations, graph.schema, usage, now=self.request.now)
        return traffic if traffic.operations else None

    @cached_property
    def errors_before(self) -> Mapping[str, tuple[GraphQLError, ...]]:
        """What is wrong with operations as things are, by id; nothing for those that are valid."""
        return self._errors(self.before, self.operations, "Validating operations")

    @cached_property
    def errors_after(self) -> Mapping[str, tuple[GraphQLError, ...]]:
        """What would be wrong with operations that are valid now, by id.

        Only those that a breaking change touches can have become invalid.
        """
        if self.traffic is None:
            return {}
        touches = [touch for change in self.changes if change.may_invalidate for touch in change.touches]
        touched = self.traffic.touched(touches)
        pending = [operation for operation in touched if operation.id not in self.errors_before]
        return self._errors(self.after, pending, "Validating operations anew")

    @cached_property
    def planner_before(self) -> Planner | None:
        """What plans operations as things are; None where nothing does."""
        return self._planner(self.before)

    @cached_property
    def planner_after(self) -> Planner | None:
        """What would plan them."""
        return self._planner(self.after)

    @property
    def valid_operations(self) -> tuple[RecordedOperation, ...]:
        """Those of which the document is known, and is valid before and after."""
        return tuple(
            operation
            for operation in self.operations
            if operation.document is not None
            and operation.id not in self.errors_before
            and operation.id not in self.errors_after
        )

    @property
    def operations(self) -> tuple[RecordedOperation, ...]:
        """The operations that count."""
        return self.traffic.operations if self.traffic is not None else ()

    def _planner(self, graph: Graph | None) -> Planner | None:
        if graph is None or graph.supergraph is None or self.request.make_planner is None:
            return None
        return self.request.make_planner(graph.supergraph)

    def _errors(
        self, graph: Graph | None, operations: Sequence[RecordedOperation], what: str
    ) -> Mapping[str, tuple[GraphQLError, ...]]:
        if graph is None:
            return {}
        found: dict[str, tuple[GraphQLError, ...]] = {}
        for number, operation in enumerate(operations, start=1):
            self.request.on_step(what, number, len(operations))
            if operation.document is None or is_plainly_valid(operation.document, graph.schema):
                continue
            if errors := validate(graph.schema, operation.document):
                found[operation.id] = tuple(errors)
        return found
