"""graphql-core's rules for SDL, with an end: a document can have more errors than anybody reads.

Each error costs time, above all where a name is unknown and similar ones are looked for.
"""

from typing import Final

from graphql import DocumentNode, GraphQLError, ParallelVisitor, visit
from graphql.validation import SDLValidationContext
from graphql.validation.specified_rules import specified_sdl_rules

MOST_ERRORS: Final = 100
_MOST_SUGGESTIONS: Final = 2000  # definitions whose names are compared with an unknown one


def sdl_errors(document: DocumentNode) -> list[GraphQLError]:
    """What is wrong with the document, up to MOST_ERRORS and a last error that says so."""
    errors: list[GraphQLError] = []

    def add(error: GraphQLError) -> None:
        if len(errors) == MOST_ERRORS:
            raise _TooManyErrorsError
        errors.append(error)

    context = _Context(document, None, add)
    try:
        visit(document, ParallelVisitor([rule(context) for rule in specified_sdl_rules]))
    except _TooManyErrorsError:
        errors.append(more_errors())
    return errors


def more_errors() -> GraphQLError:
    """Stands for all errors that are not reported."""
    return GraphQLError(f"There are more errors than these {MOST_ERRORS}.")


class _TooManyErrorsError(Exception):
    """Ends the visit."""


class _Context(SDLValidationContext):
    @property
    def hide_suggestions(self) -> bool:
        return len(self.document.definitions) > _MOST_SUGGESTIONS
