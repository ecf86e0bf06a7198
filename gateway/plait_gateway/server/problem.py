"""What is wrong with an HTTP exchange before, or apart from, any GraphQL in it."""

import msgspec

from plait_gateway.errors import ResponseError
from plait_gateway.server.exchange import HttpResponse
from plait_gateway.server.media_types import MediaType


class HttpProblem(Exception):  # noqa: N818 - it names what is wrong with the exchange
    """A status and an error in GraphQL's form, so that a client reads all errors in one way."""

    def __init__(
        self, status: int, error: ResponseError, headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        super().__init__(error.message)
        self.status = status
        self.error = error
        self.headers = headers

    def response(self, media_type: MediaType = MediaType.JSON) -> HttpResponse:
        """The response that says so."""
        body = msgspec.json.encode({"errors": [self.error.as_json()]})
        return HttpResponse(self.status, media_type.content_type, body, self.headers)
