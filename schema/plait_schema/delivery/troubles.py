"""Why nobody answered, or not with an answer, in a few words."""

from http.client import IncompleteRead
from ssl import SSLCertVerificationError


def trouble_of(error: Exception) -> str:
    """What is wrong, of an error of urllib, http.client or sockets: without numbers and names of Python."""
    match getattr(error, "reason", None) or error:
        case SSLCertVerificationError(verify_message=message):
            return f"its certificate is not trusted: {message}"
        case IncompleteRead():
            return "its answer was cut off"
        case TimeoutError():
            return "it did not answer in time"
        case reason:
            return str(getattr(reason, "strerror", None) or reason) or type(reason).__name__
