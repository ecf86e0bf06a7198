"""The findings of the rules of @inaccessible, in the words of a contract."""

from dataclasses import replace

from plait_schema.contract import Contract
from plait_schema.diagnostics import (
    ONLY_INACCESSIBLE_CHILDREN,
    QUERY_ROOT_TYPE_INACCESSIBLE,
    REQUIRED_INACCESSIBLE,
    Diagnostic,
)


def in_contract(diagnostic: Diagnostic, contract: Contract) -> Diagnostic:
    """The same finding, that says which contract it is about and how tags mend it."""
    message = f'In the contract "{contract.name}": {diagnostic.message}'
    return replace(diagnostic, message=message, fix=_fix(diagnostic, contract))


def _fix(diagnostic: Diagnostic, contract: Contract) -> str:
    match diagnostic.code:
        case QUERY_ROOT_TYPE_INACCESSIBLE.name:
            tags = " or ".join(f'@tag(name: "{tag}")' for tag in sorted(contract.include))
            return (
                f"Put {tags} on fields of Query." if tags else "Leave Query some field that is not excluded."
            )
        case REQUIRED_INACCESSIBLE.name:
            return "Hide what it belongs to, make it nullable or give it a default value."
        case ONLY_INACCESSIBLE_CHILDREN.name:
            return "Tag it so that the contract hides it, too."
        case _:
            return "Tag both so that the contract shows or hides them together."
