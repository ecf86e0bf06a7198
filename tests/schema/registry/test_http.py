"""The registry as its clients see it: a real process, asked over HTTP."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from plait_schema.delivery import ArtifactError, read_artifact
from plait_schema.delivery.signature import PublicKey
from plait_schema.registry.client import ClientError, RegistryClient
from plait_schema.subgraph import SubgraphSource
from tests.schema.registry.running import RunningRegistry
from tests.schema.registry.shop import BROKEN, users

PROD = "/api/graphs/shop/variants/prod"


def body(*subgraphs: SubgraphSource) -> dict[str, Any]:
    return {"subgraphs": [{"name": one.name, "routingUrl": one.url, "sdl": one.sdl} for one in subgraphs]}


def code_of(client: RegistryClient, method: str, path: str, content: dict[str, Any] | None = None) -> str:
    with pytest.raises(ClientError) as raised:
        client.post(path, content or {}) if method == "POST" else client.get(path)
    return raised.value.code


def ask(running: RunningRegistry, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = Request(running.url + path, headers={"authorization": f"Bearer {running.token}", **headers})
    try:
        with urlopen(request, timeout=120) as response:
            return response.status, dict(response.headers), response.read()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_what_a_gateway_gets(running: RunningRegistry) -> None:
    running.client.post(f"{PROD}/publish", body(users()))
    status, headers, content = ask(running, f"{PROD}/supergraph")
    key = PublicKey.from_pem(ask(running, "/api/signing-key")[2])
    artifact = read_artifact(content)
    key.verify(artifact)
    assert (status, headers["etag"]) == (200, artifact.etag)
    assert ask(running, f"{PROD}/supergraph", **{"if-none-match": artifact.etag})[0] == 304
    assert ask(running, f"{PROD}/supergraph.graphql")[2].decode() == artifact.supergraph_sdl
    for tampered in (
        {"supergraph": artifact.supergraph_sdl + " "},
        {"version": 7},
        {"graph": "shop@staging"},
        {"signature": None},
        {"signature": "00" * 64},
    ):
        with pytest.raises(ArtifactError):
            key.verify(read_artifact(json.dumps({**artifact.as_json(), **tampered}).encode()))


def test_tokens_allow_what_their_scopes_say(running: RunningRegistry) -> None:
    admin = running.client
    admin.post(f"{PROD}/publish", body(users()))

    def holder(*scopes: str) -> RegistryClient:
        made = admin.post("/api/tokens", {"name": "one", "scopes": list(scopes)})
        return RegistryClient(running.url, made["secret"], timeout=120)

    reader, other = holder("read:shop@prod"), holder("publish:blog@*")
    assert reader.get(PROD)["serving"] == 1
    assert code_of(reader, "POST", f"{PROD}/publish", body(users("email: String"))) == "FORBIDDEN"
    assert code_of(reader, "GET", "/api/tokens") == "FORBIDDEN"
    assert code_of(other, "GET", PROD) == "FORBIDDEN"
    assert other.get("/api/variants") == {"variants": []}
    other.post("/api/graphs/blog/variants/dev/publish", body(users()))
    assert len(admin.get("/api/variants")["variants"]) == 2

    number = admin.get("/api/tokens")["tokens"][-1]["id"]
    admin.delete(f"/api/tokens/{number}")
    assert code_of(other, "GET", "/api/variants") == "UNAUTHENTICATED"
    assert (
        code_of(RegistryClient(running.url, None, timeout=120), "GET", "/api/variants") == "UNAUTHENTICATED"
    )
    expired = {"name": "old", "scopes": ["read"], "expiresAt": "2020-01-01T00:00:00Z"}
    secret = admin.post("/api/tokens", expired)["secret"]
    assert (
        code_of(RegistryClient(running.url, secret, timeout=120), "GET", "/api/variants") == "UNAUTHENTICATED"
    )
    assert code_of(admin, "POST", "/api/tokens", {"name": "x", "scopes": ["fly"]}) == "INVALID_REQUEST"

    actions = [entry["action"] for entry in admin.get("/api/audit")["entries"]]
    assert actions == [
        "token-create", "token-revoke", "publish", "token-create", "token-create", "publish",
    ]  # fmt: skip
    secrets = (running.folder / "registry.db").read_bytes() + (
        running.folder / "registry.db-wal"
    ).read_bytes()
    assert running.token.encode() not in secrets


def test_bad_publishes(running: RunningRegistry) -> None:
    def one(**changed: object) -> dict[str, Any]:
        return {
            "subgraphs": [{"name": "a", "routingUrl": "http://a", "sdl": "type Query { a: Int }", **changed}]
        }

    contents: tuple[dict[str, Any], ...] = (
        {},
        {"subgraphs": []},
        {"subgraphs": "all"},
        {**one(), "colour": "red"},
        one(sdl="\x00"),
        one(sdl="\ud800"),
        one(sdl=7),
        one(name=""),
        one(name="a" * 201),
    )
    for content in contents:
        assert code_of(running.client, "POST", f"{PROD}/publish", content) == "INVALID_REQUEST"
    for name in ("../b", "a/b", "<b>", " a", "a ", "a\n", ".", "-"):
        assert code_of(running.client, "POST", f"{PROD}/publish", one(name=name)) == "INVALID_NAME"
    large = one(sdl="#" * 70_000_000)
    assert code_of(running.client, "POST", f"{PROD}/publish", large) == "TOO_LARGE"
    assert running.client.get("/api/variants") == {"variants": []}


def test_sdl_of_ten_megabytes_is_a_finding(running: RunningRegistry) -> None:
    huge = SubgraphSource("users", "http://users", "type Query { a: Int }\n" + "# comment\n" * 1_000_000)
    outcome = running.client.post(f"{PROD}/publish", body(huge))
    assert outcome["version"]["diagnostics"][0]["code"] == "INVALID_GRAPHQL"


def test_what_is_not_there(running: RunningRegistry) -> None:
    client = running.client
    assert code_of(client, "GET", PROD) == "NOT_FOUND"
    assert code_of(client, "GET", f"{PROD}/versions") == "NOT_FOUND"
    assert code_of(client, "GET", "/api/nothing") == "NOT_FOUND"
    assert code_of(client, "GET", "/api/graphs/1/variants/2") == "INVALID_NAME"
    for path in (f"{PROD}/versions/{2**70}", f"{PROD}/checks/{2**31}", f"{PROD}/diff?from=1&to={2**63}"):
        assert code_of(client, "GET", path) == "INVALID_REQUEST"
    client.post(f"{PROD}/publish", body(BROKEN))
    assert code_of(client, "GET", f"{PROD}/supergraph") == "NOTHING_SERVED"
    assert code_of(client, "GET", f"{PROD}/versions/1/supergraph.graphql") == "NOTHING_SERVED"
    assert code_of(client, "GET", f"{PROD}/versions/1/subgraphs/none.graphql") == "NOT_FOUND"


def test_history_comes_in_pages(running: RunningRegistry) -> None:
    for number in range(5):
        running.client.post(f"{PROD}/publish", body(users(f"field{number}: Int")))
    first = running.client.get(f"{PROD}/versions", {"limit": 3})
    rest = running.client.get(f"{PROD}/versions", {"limit": 3, "before": first["before"]})
    assert [one["number"] for one in first["versions"]] == [5, 4, 3]
    assert ([one["number"] for one in rest["versions"]], rest["before"]) == ([2, 1], None)


def test_a_second_registry_on_the_file_is_refused(running: RunningRegistry) -> None:
    second = RunningRegistry(running.folder)
    with pytest.raises(RuntimeError, match="belongs to a registry that is running"):
        second.start()


def test_stopping_sends_waiting_gateways_home(running: RunningRegistry) -> None:
    running.client.post(f"{PROD}/publish", body(users()))
    etag = ask(running, f"{PROD}/supergraph")[1]["etag"]
    with socket.create_connection(("127.0.0.1", running.port)) as waiting:
        waiting.sendall(
            f"GET {PROD}/supergraph?wait=60 HTTP/1.1\r\nhost: registry\r\nif-none-match: {etag}\r\n"
            f"authorization: Bearer {running.token}\r\n\r\n".encode()
        )
        ask(running, f"{PROD}/supergraph")  # what came before it has been let in
        assert running.stop() == 0
        assert waiting.recv(1000).startswith(b"HTTP/1.1 304")


def test_killed_as_a_client_waits_it_serves_the_old_or_the_new_whole(tmp_path: Path) -> None:
    registry = RunningRegistry(tmp_path)
    registry.start()
    acknowledged = registry.client.post(f"{PROD}/publish", body(users()))["serving"]
    with ThreadPoolExecutor() as threads:
        publishing = threads.submit(registry.client.post, f"{PROD}/publish", body(users("after: Int")))
        wait([publishing], timeout=0.01)
        registry.kill()
    if publishing.exception() is None:
        acknowledged = publishing.result()["serving"]
    registry.start()
    artifact = read_artifact(ask(registry, f"{PROD}/supergraph")[2])
    history = registry.client.get(f"{PROD}/versions")["versions"]
    assert artifact.version >= acknowledged
    assert [one["number"] for one in history] == list(range(artifact.version, 0, -1))
    registry.stop()
