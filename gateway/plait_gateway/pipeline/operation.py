"""Second stage: which of the document's operations to run."""

from dataclasses import dataclass

from graphql import DocumentNode, OperationType

from plait_gateway.authorization import Denied, OperationAccess, Requirements, access_of
from plait_gateway.errors import SUBSCRIPTION_NOT_SUPPORTED
from plait_gateway.pipeline.expense import Budget, Refuse
from plait_gateway.pipeline.normalized import normalized_text
from plait_gateway.pipeline.planning import refused
from plait_gateway.pipeline.request import Refused
from plait_gateway.pipeline.signature import SentOperation, sent_operation
from plait_gateway.pipeline.variables import Coerce, coercing
from plait_gateway.planner import Operation, PlanningError, labels_of
from plait_schema.query_graph import QueryGraph


@dataclass(frozen=True, slots=True)
class ChosenOperation:
    """An operation, what coerces the variables for it, and what its plans are kept under."""

    operation: Operation
    coerce: Coerce
    normalized: str
    labels: frozenset[str]  # of `@override`, that it can meet
    is_mutation: bool
    access: OperationAccess | None = None  # where not everybody may see everything
    refuse: Refuse | None = None  # where variables can make it too expensive
    sent: SentOperation | None = None  # where usage is counted

    def identities_of(self, denied: Denied | None) -> frozenset[int]:
        """The fields that are denied, by the identities of their nodes."""
        if denied is None or self.access is None:
            return frozenset()
        return frozenset(id(field.node) for field in self.access.fields_of(denied))


def choose_operation(
    document: DocumentNode,
    name: str | None,
    graph: QueryGraph,
    requirements: Requirements,
    *,
    max_items: int,
    budget: Budget | None = None,
    signed: bool = False,
) -> ChosenOperation | Refused:
    """The operation of that name, or the only one (specification, section 6.1).

    Lists in its variables have at most `max_items` items. With a `budget` it knows with which variables it is
    too expensive. `signed` gives it the signature that usage is counted under.
    """
    try:
        operation = Operation.from_document(document, name)
    except PlanningError as error:
        return refused(error)
    if operation.definition.operation is OperationType.SUBSCRIPTION:
        message = "Subscriptions are not supported by this endpoint."
        return Refused((SUBSCRIPTION_NOT_SUPPORTED.at(None, message),))
    return ChosenOperation(
        operation,
        coercing(operation, graph.api_schema, max_items=max_items),
        normalized_text(operation),
        labels_of(operation, graph),
        is_mutation=operation.definition.operation is OperationType.MUTATION,
        access=access_of(operation.definition, operation.fragments, graph.api_schema, requirements),
        refuse=None if budget is None else budget.refusing(operation),
        sent=sent_operation(operation) if signed else None,
    )
