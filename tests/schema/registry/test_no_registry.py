"""What answers where a registry should: pages, redirects, other programs. Each is told in a line."""

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from plait_gateway.supergraph.asking import RegistryAddress, RegistryUnreachable
from plait_schema.cli import main
from tests.schema.registry.shop import users

_SECRET = "plait_secret"
_PAGE = b"<html><title>Sign in</title></html>"


class _Elsewhere(ThreadingHTTPServer):
    """Answers by the first segment of the path, and remembers which tokens came where."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.seen: list[tuple[str, str | None]] = []

    def at(self, kind: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{kind}"


class _Answer(BaseHTTPRequestHandler):
    server: _Elsewhere

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        kind = self.path.split("/")[1]
        self.server.seen.append((kind, self.headers.get("authorization")))
        match kind:
            case "moved":
                self.send_response(302)
                self.send_header("location", f"http://localhost:{self.server.server_port}/page")
                self.end_headers()
            case "list":
                self._send(200, "application/json", b"[1, 2]")
            case "nothing":
                self._send(200, "application/json", b"")
            case "bad-gateway":
                self._send(502, "text/html", _PAGE)
            case "cut":
                self._send(200, "application/json", b'{"variants"', length=100)
            case _:
                self._send(200, "text/html; charset=utf-8", _PAGE)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _send(self, status: int, kind: str, content: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(length or len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 # as it is inherited


@pytest.fixture
def elsewhere() -> Iterator[_Elsewhere]:
    server = _Elsewhere()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


_COMMANDS = (
    "registry list",
    "registry show shop@prod",
    "fetch shop@prod",
    "fetch shop@prod --usage",
    "diff shop@prod:1 shop@prod:2",
    "publish shop@prod --subgraph users --schema users.graphql --routing-url http://users",
    "publish shop@prod --delete users",
    "check --subgraph users --schema users.graphql --against shop@prod",
)
_TOLD = {
    "page": "what answers is no registry (status 200, with a page) (UNREACHABLE).",
    "list": "UNREACHABLE",
    "nothing": "UNREACHABLE",
    "bad-gateway": "what answers is no registry (status 502) (UNREACHABLE).",
    "moved": "its answer leads to http://localhost:",
    "cut": "its answer was cut off (UNREACHABLE).",
}


def test_commands_tell_what_answers_in_a_line(
    elsewhere: _Elsewhere,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("users.graphql").write_text(users().sdl)
    for kind, told in _TOLD.items():
        for command in _COMMANDS:
            is_text = command.startswith(("fetch", "diff")) and kind in ("list", "nothing")
            if is_text and command != "fetch shop@prod":
                continue  # any text may be what was asked for
            ran = _run(f"{command} --registry {elsewhere.at(kind)} --token {_SECRET}", monkeypatch, capsys)
            assert (ran[0], ran[1], ran[2].count("\n")) == (3, "", 1), (kind, command, ran)
            assert told in ran[2], (kind, command, ran)


def test_a_token_goes_to_the_registry_alone(elsewhere: _Elsewhere) -> None:
    address = RegistryAddress(elsewhere.at("moved"), "shop@prod", _SECRET)
    with pytest.raises(RegistryUnreachable, match="leads to http://localhost"):
        address.ask(None, wait=0)
    assert elsewhere.seen == [("moved", f"Bearer {_SECRET}")]


@pytest.mark.parametrize("token", ["plait_s\u00e9cret", "plait_sec\nret"])
def test_a_token_that_cannot_be_sent_is_not_repeated(
    token: str, elsewhere: _Elsewhere, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAIT_TOKEN", token)
    code, _, told = _run(f"registry list --registry {elsewhere.at('page')}", monkeypatch, capsys)
    assert (code, "no token has" in told, "cret" in told) == (3, True, False)
    with pytest.raises(RegistryUnreachable) as refused:
        RegistryAddress(elsewhere.at("page"), "shop@prod", token).ask(None, wait=0)
    assert "ret" not in str(refused.value)
    assert elsewhere.seen == []


def test_a_line_end_after_a_token_is_none_of_it(
    elsewhere: _Elsewhere, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAIT_TOKEN", f"{_SECRET}\n")
    _run(f"registry list --registry {elsewhere.at('page')}", monkeypatch, capsys)
    assert elsewhere.seen == [("page", f"Bearer {_SECRET}")]


def _run(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[object, str, str]:
    monkeypatch.setattr(sys, "argv", ["plait", *line.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    captured = capsys.readouterr()
    return ended.value.code, captured.out, captured.err
