"""The error of a field that the client may not see."""

from plait_gateway.errors import UNAUTHORIZED_FIELD_OR_TYPE, ResponseError, ResponsePath


def denied_field(coordinate: str, path: ResponsePath) -> ResponseError:
    """What is reported at one place of such a field, which is null there."""
    return UNAUTHORIZED_FIELD_OR_TYPE.at(path, f"You are not authorized to see {coordinate}")
