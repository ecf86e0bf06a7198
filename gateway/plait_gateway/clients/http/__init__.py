"""Reach subgraphs over HTTP/1.1: a pool of kept connections for each origin, one exchange at a time on each.

A request on its way: `client.py` makes a `Send` for a URL that `url.py` has read; `request_head.py` writes
the head, most of which was written before; `pool.py` finds a connection for this `exchange.py`, or lets it
wait for one; `connect.py` opens one; `connection.py` sends the request and takes what comes;
`response_reader.py` reads the answer off the bytes, and `content_coding.py` unpacks it. What goes wrong is an
`ExchangeFailed` (`failures.py`).
"""

from plait_gateway.clients.http.client import HttpClient

__all__ = ["HttpClient"]
