"""Who may see what: the access directives of the supergraph, enforced before a subgraph is asked.

requirements   what the schema asks of whoever selects a field
operation      which of an operation's fields ask for something, and which of them somebody may not see
filtering      the operation without the fields that somebody may not see

https://www.apollographql.com/docs/graphos/routing/security/authorization
"""

from plait_gateway.authorization.filtering import without_fields
from plait_gateway.authorization.identity import ANONYMOUS, Identity
from plait_gateway.authorization.operation import Denied, OperationAccess, access_of
from plait_gateway.authorization.requirements import Requirement, Requirements

__all__ = [
    "ANONYMOUS",
    "Denied",
    "Identity",
    "OperationAccess",
    "Requirement",
    "Requirements",
    "access_of",
    "without_fields",
]
