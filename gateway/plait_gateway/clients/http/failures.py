"""What can come of an exchange besides a response."""


class ExchangeFailed(Exception):  # noqa: N818 - it names what happened, as SubgraphUnreachable does
    """No response came. `reason` is for the client of the gateway; `detail` is for the log alone."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} ({detail})" if detail else reason)
        self.reason = reason


class IdleConnectionClosed(ExchangeFailed):
    """A connection that had been kept was lost before any byte of the answer.

    A server may close an idle connection while a request is on its way to it. Whether the request was seen
    cannot be known.
    """


def closed_without_an_answer(*, kept: bool) -> ExchangeFailed:
    """The connection went before the first byte; `kept` tells whether it had served before."""
    return (IdleConnectionClosed if kept else ExchangeFailed)("it closed the connection without an answer")


def broke_off() -> ExchangeFailed:
    """The connection went, or the packed content stopped, in the middle of an answer."""
    return ExchangeFailed("its answer broke off")


def not_http(detail: str) -> ExchangeFailed:
    """What came cannot be read as the answer to a request over HTTP/1.1."""
    return ExchangeFailed("it answered with something that is not HTTP", detail)


def too_large(limit: int) -> ExchangeFailed:
    """The body, as it was sent or unpacked, is longer than is read."""
    return ExchangeFailed(f"its answer is larger than {limit} bytes")
