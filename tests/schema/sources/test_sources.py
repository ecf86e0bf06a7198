"""Where the SDL of a subgraph comes from: files, running servers, modules, the configuration itself."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from plait_schema.sources import SourceError, SourceTimeoutError, read_sources
from plait_schema.subgraph import SubgraphSource

SDL = "type Query { users: [String] }"
Answer = Callable[[BaseHTTPRequestHandler], tuple[int, bytes]]


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Serve what the function answers, and give the URL."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.body = self.rfile.read(int(self.headers["content-length"]))
                status, content = answer(self)
                self.send_response(status)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Quietly."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/graphql"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def write(folder: Path, subgraphs: str, *, first_line: str = "federation_version: 2") -> Path:
    config = folder / "supergraph.yaml"
    config.write_text(f"{first_line}\n{subgraphs}", encoding="utf-8")
    return config


def with_schema(folder: Path, schema: str) -> Path:
    return write(
        folder, f"subgraphs:\n  users:\n    routing_url: http://users\n    schema:\n      {schema}\n"
    )


def error_of(config: Path, *, timeout: float = 10) -> str:
    with pytest.raises(SourceError) as raised:
        read_sources(config, timeout=timeout)
    return raised.value.message.replace(str(config.parent) + "/", "")


def test_a_file_is_relative_to_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "users.graphql").write_text(SDL, encoding="utf-8")
    config = with_schema(tmp_path, "file: ./schemas/users.graphql")
    monkeypatch.chdir("/")
    file = str(tmp_path / "schemas" / "users.graphql")
    assert read_sources(config) == (SubgraphSource("users", "http://users", SDL, file),)


def test_inline_sdl(tmp_path: Path) -> None:
    assert read_sources(with_schema(tmp_path, f"sdl: '{SDL}'")) == (
        SubgraphSource("users", "http://users", SDL),
    )


def test_a_running_subgraph(tmp_path: Path, serve: Callable[[Answer], str]) -> None:
    asked: list[object] = []

    def answer(request: BaseHTTPRequestHandler) -> tuple[int, bytes]:
        asked.append(json.loads(getattr(request, "body", b"")))
        asked.append(request.headers["authorization"])
        return 200, json.dumps({"data": {"_service": {"sdl": SDL}}}).encode()

    url = serve(answer)
    config = write(
        tmp_path,
        f"subgraphs:\n  users:\n    schema:\n      subgraph_url: {url}\n"
        "      introspection_headers: { authorization: Bearer secret }\n",
    )
    assert read_sources(config) == (SubgraphSource("users", url, SDL),)
    assert asked == [{"query": "query SubgraphSdl { _service { sdl } }"}, "Bearer secret"]


@pytest.mark.parametrize(
    ("status", "content", "message"),
    [
        (200, b"<html>It works!</html>", 'subgraph "users" did not answer with JSON.'),
        (200, b'{"errors": [{"message": "no"}]}', 'subgraph "users" answered: no'),
        (200, b'{"data": {"_service": null}}', 'subgraph "users" gave no SDL for _service.'),
        (200, b"[]", 'subgraph "users" gave no SDL for _service.'),
        (503, b"", "cannot be asked: Service Unavailable."),
    ],
)
def test_a_running_subgraph_that_gives_no_sdl(
    tmp_path: Path, serve: Callable[[Answer], str], status: int, content: bytes, message: str
) -> None:
    url = serve(lambda _: (status, content))
    assert message in error_of(with_schema(tmp_path, f"subgraph_url: {url}"))


def test_nobody_there(tmp_path: Path) -> None:
    message = error_of(with_schema(tmp_path, "subgraph_url: http://127.0.0.1:1/graphql"))
    assert message == (
        "supergraph.yaml:5: http://127.0.0.1:1/graphql cannot be asked: [Errno 111] Connection refused."
    )


def test_a_subgraph_that_never_answers(tmp_path: Path, silent_url: str) -> None:
    with pytest.raises(SourceTimeoutError, match=r'"users" did not answer within 0\.05 s\.'):
        read_sources(with_schema(tmp_path, f"subgraph_url: {silent_url}"), timeout=0.05)


MODULE = """
import graphql, strawberry

SDL = "type Query { users: [String] }"
core = graphql.build_schema(SDL)

@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

@strawberry.type
class Query:
    user: User

class holder:
    schema = strawberry.federation.Schema(query=Query)

number = 1
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    package = tmp_path / "module_of_a_test"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "api.py").write_text(MODULE, encoding="utf-8")
    (package / "broken.py").write_text("1 / 0", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in [name for name in sys.modules if name.startswith("module_of_a_test")]:
        del sys.modules[name]


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(
    ("attribute", "sdl"),
    [
        ("SDL", SDL),
        ("core", "type Query {\n  users: [String]\n}"),
        ("holder.schema", 'type User @key(fields: "id") {'),
    ],
)
def test_a_module_of_the_current_folder(tmp_path: Path, attribute: str, sdl: str) -> None:
    (source,) = read_sources(with_schema(tmp_path, f"module: module_of_a_test.api:{attribute}"))
    assert sdl in source.sdl


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("module_of_a_test.api:number", "is a int, neither a schema nor SDL."),
        ("module_of_a_test.api:missing", "cannot be loaded. AttributeError: "),
        ("module_of_a_test.missing:x", "cannot be loaded. ModuleNotFoundError: No module named"),
        ("module_of_a_test.broken:x", "cannot be loaded. ZeroDivisionError: division by zero"),
        ("module_of_a_test", "write package.module:attribute, not module_of_a_test."),
    ],
)
def test_a_module_that_gives_no_sdl(tmp_path: Path, place: str, message: str) -> None:
    found = error_of(with_schema(tmp_path, f"module: {place}"))
    assert message in found
    assert found.startswith(("supergraph.yaml:5: ", "supergraph.yaml:6: "))


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ('file: "a\\0b"', "supergraph.yaml:5: 'a\\x00b' cannot be read: embedded null byte."),
        (
            "file: missing.graphql",
            "supergraph.yaml:5: missing.graphql cannot be read: No such file or directory.",
        ),
        ("file: .", "supergraph.yaml:5: "),
        ("file: latin.graphql", "supergraph.yaml:5: latin.graphql is not UTF-8 text (byte 3)."),
        (
            "subgraph_url: file:///etc/passwd",
            "supergraph.yaml:6: file:///etc/passwd is not an http or https url.",
        ),
        ("path: users.graphql", 'supergraph.yaml:5: the schema of "users" says not where it is;'),
        ("{file: a, sdl: b}", 'supergraph.yaml:5: the schema of "users" has file and sdl;'),
        ("file: [a]", "supergraph.yaml:6: file must be a text."),
        (
            'subgraph_url: http://a.example\n      introspection_headers: { "x-é": b }',
            "supergraph.yaml:7: 'x-é' with this value is not an HTTP header.",
        ),
        (
            'subgraph_url: http://a.example\n      introspection_headers: { key: "a\\nb" }',
            "supergraph.yaml:7: 'key' with this value is not an HTTP header.",
        ),
    ],
)
def test_schemas_that_cannot_be_read(tmp_path: Path, schema: str, message: str) -> None:
    (tmp_path / "latin.graphql").write_bytes("# für".encode("latin-1") + b"\n")
    assert error_of(with_schema(tmp_path, schema)).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "supergraph.yaml is empty."),
        ("[]", "supergraph.yaml:1: the configuration must be a mapping of keys to values."),
        ("{", "supergraph.yaml:1: not valid YAML: "),
        ("a: 1", 'supergraph.yaml:1: there is no "subgraphs".'),
        ("subgraph: {}", 'supergraph.yaml:1: there is no "subgraphs". "subgraph" is not it.'),
        (
            "subgraphs:\n  a: {shema: {sdl: x}}",
            'supergraph.yaml:2: subgraph "a" has no schema. "shema" is not it.',
        ),
        ("subgraphs: {}", 'supergraph.yaml:1: "subgraphs" names no subgraph.'),
        ("subgraphs: []", "supergraph.yaml:1: subgraphs must be a mapping of keys to values."),
        ("subgraphs:\n  a: {}", 'supergraph.yaml:2: subgraph "a" has no schema.'),
        ("subgraphs:\n  a: {schema: {sdl: x}}", 'supergraph.yaml:2: subgraph "a" has no routing_url.'),
        ("subgraphs:\n  a: {schema: {sdl: x}}\n  a: {}", 'supergraph.yaml:3: "a" is there twice.'),
        ("subgraphs:\n  ? [a]\n  : b", "supergraph.yaml:2: a key must be a text."),
        (
            "federation_version: 1",
            "supergraph.yaml:1: federation_version must be 2, or like =2.12.0; it is 1.",
        ),
        ("a: &a [*a]\nb: \x00", "supergraph.yaml: not valid YAML: "),
    ],
)
def test_configurations_that_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    config = tmp_path / "supergraph.yaml"
    config.write_text(text, encoding="utf-8")
    assert error_of(config).startswith(message)


def test_deep_yaml_is_an_error(tmp_path: Path) -> None:
    config = tmp_path / "supergraph.yaml"
    config.write_text("[" * 10_000, encoding="utf-8")
    assert error_of(config).startswith("supergraph.yaml: not valid YAML")
