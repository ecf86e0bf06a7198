"""What can be done; each mutation is a command.

trust  signing up, in and out; proving an address; another password
own    what somebody does about themselves
staff  what the staff do about others
"""

import strawberry

from subgraphs.identity.api.mutation.own import OwnMutations
from subgraphs.identity.api.mutation.staff import StaffMutations
from subgraphs.identity.api.mutation.trust import TrustMutations


@strawberry.type
class Mutation(TrustMutations, OwnMutations, StaffMutations):
    pass
