"""What any ASGI app under uvicorn costs: this one sends back what it gets. The unit of the figures.

python -m benchmarks.measuring.echo PORT
"""

import asyncio
import sys
from typing import Final

from plait_gateway.asgi import Receive, Scope, SendMessage
from plait_gateway.server.run import event_loop, listen, serve
from plait_schema.garbage_collection import settle

_JSON: Final = (b"content-type", b"application/json")


async def echo(scope: Scope, receive: Receive, send: SendMessage) -> None:
    """The ASGI app."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    message = await receive()
    body: bytes = message["body"]
    if message.get("more_body"):
        parts = [body]
        while message.get("more_body"):
            message = await receive()
            parts.append(message["body"])
        body = b"".join(parts)
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": 200, "headers": [_JSON, length]})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    with (
        listen("127.0.0.1", int(sys.argv[1])) as listening,
        asyncio.Runner(loop_factory=event_loop()) as runner,
    ):
        runner.run(serve(echo, listening, shutdown_seconds=1, started=settle))
