"""Whether a type promises at least what another one does (specification, sections 3.6.1 and 3.13)."""

from graphql import GraphQLType, is_list_type, is_non_null_type


def promises(new: GraphQLType, old: GraphQLType) -> bool:
    """Whether every value of `new` is one of `old`: lists and null are compared, named types by name.

    A field may go from `old` to `new`; an argument or input field may go from `new` to `old`.
    """
    if is_non_null_type(old):
        return is_non_null_type(new) and promises(new.of_type, old.of_type)
    if is_non_null_type(new):
        return promises(new.of_type, old)
    if is_list_type(old):
        return is_list_type(new) and promises(new.of_type, old.of_type)
    return not is_list_type(new) and str(new) == str(old)
