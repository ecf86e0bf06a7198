"""SDL from running subgraphs: `{ _service { sdl } }`.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
"""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from plait_schema.sources.configuration import Entry, FromUrl
from plait_schema.sources.errors import SourceError, SourceTimeoutError

_QUERY = "query SubgraphSdl { _service { sdl } }"
_LIMIT = 64 * 1024 * 1024  # bytes; no SDL comes near


def fetch_all(entries: Sequence[Entry], *, timeout: float) -> Mapping[str, str]:
    """The SDL of each subgraph, by name; all are asked at the same time.

    Raises SourceError for the first that fails, and SourceTimeoutError when one is not done after `timeout`
    seconds, however slowly it may still be sending.
    """
    answers: dict[str, str | SourceError] = {}
    threads = [
        threading.Thread(target=_fetch_into, args=(answers, entry, timeout), daemon=True) for entry in entries
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + timeout
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return {entry.name: _answer(answers, entry, timeout) for entry in entries}


def _answer(answers: Mapping[str, str | SourceError], entry: Entry, timeout: float) -> str:
    answer = answers.get(entry.name)
    if answer is None:
        raise SourceTimeoutError(
            f'{entry.place}: subgraph "{entry.name}" did not answer within {timeout:g} s.'
        )
    if isinstance(answer, SourceError):
        raise answer
    return answer


def _fetch_into(answers: dict[str, str | SourceError], entry: Entry, timeout: float) -> None:
    assert isinstance(entry.schema, FromUrl)
    try:
        answers[entry.name] = _sdl(_post(entry.schema, timeout), entry)
    except SourceError as error:
        answers[entry.name] = error
    except TimeoutError:
        return  # who waits for the answer says so
    except (OSError, ValueError) as error:
        if isinstance(getattr(error, "reason", None), TimeoutError):
            return
        reason = getattr(error, "reason", None) or error
        answers[entry.name] = SourceError(f"{entry.place}: {entry.schema.url} cannot be asked: {reason}.")


def _post(source: FromUrl, timeout: float) -> bytes:
    """Raises OSError (urllib's errors are such) and ValueError."""
    # loaded only when a subgraph is asked: they take as long as composing a few files
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    headers = {"content-type": "application/json", "accept": "application/json", **source.headers}
    body = json.dumps({"query": _QUERY}).encode()
    request = Request(source.url, data=body, headers=headers, method="POST")  # noqa: S310 # http(s), checked
    try:
        with urlopen(request, timeout=timeout) as response:  # noqa: S310
            content: bytes = response.read(_LIMIT + 1)
    except HTTPException as error:
        raise ValueError(f"the answer is no HTTP ({error!r})") from error
    if len(content) > _LIMIT:
        raise ValueError("the answer is too long")
    return content


def _sdl(content: bytes, entry: Entry) -> str:
    try:
        answer: Any = json.loads(content)
    except ValueError as error:
        raise SourceError(f'{entry.place}: subgraph "{entry.name}" did not answer with JSON.') from error
    match answer:
        case {"data": {"_service": {"sdl": str(sdl)}}}:
            return sdl
        case {"errors": [{"message": message}, *_]}:
            raise SourceError(f'{entry.place}: subgraph "{entry.name}" answered: {message}')
        case _:
            raise SourceError(f'{entry.place}: subgraph "{entry.name}" gave no SDL for _service.')
