"""The federation conformance kit, when its folder stands beside the repository: its suites in process."""

import importlib.util
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from plait_gateway.asgi import ASGIApp, Receive, Scope, SendMessage
from plait_gateway.server.exchange import read_body
from tests.gateway.subgraph_app import answer_with

KIT = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "federation"
SUITES = sorted(file.parent.name for file in KIT.glob("suites/*/suite.json"))


@dataclass(frozen=True)
class Suite:
    """One suite: its graph as composed by another composer, its subgraphs and its tests."""

    folder: Path
    subgraphs: Mapping[str, ASGIApp]
    sdl: Mapping[str, str]  # in composition order
    tests: tuple[Mapping[str, Any], ...]

    @property
    def supergraph(self) -> str:
        return (self.folder / "supergraph.graphql").read_text(encoding="utf-8")


def load_suite(name: str) -> Suite:
    """A suite with its tables in their initial state; it punishes poor plans."""
    folder = KIT / "suites" / name
    suite = _load("simulator").Suite(folder, punish=True)
    return Suite(
        folder,
        {name: _app(subgraph) for name, subgraph in suite.subgraphs.items()},
        {name: subgraph.sdl for name, subgraph in suite.subgraphs.items()},
        tuple(json.loads((folder / "suite.json").read_text(encoding="utf-8"))["tests"]),
    )


def difference(test: Mapping[str, Any], response: Any) -> str | None:
    """What the kit's own rules find wrong with a response, or None."""
    found = _load("run_suite").compare(test["expected"], response)
    return None if found is None else f"{test['query']}\n{found}"


def _app(subgraph: Any) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: SendMessage) -> None:
        request = json.loads(await read_body(None, receive, limit=1_000_000))
        await answer_with(send, json.dumps(subgraph.execute(request)).encode())

    return app


def _load(name: str) -> Any:
    """A module of the kit. What it needs to serve HTTP is not installed here, and not needed in process."""
    full_name = f"conformance_kit_{name}"
    if full_name not in sys.modules:
        spec = importlib.util.spec_from_file_location(full_name, KIT / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[full_name] = module  # dataclasses look their module up there
        with _http_left_out():
            spec.loader.exec_module(module)
    return sys.modules[full_name]


@contextmanager
def _http_left_out() -> Iterator[None]:
    parts = ("applications", "requests", "responses", "routing")
    names = ("starlette", *(f"starlette.{part}" for part in parts))
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update({name: _Absent(name) for name in absent})
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


class _Absent(ModuleType):
    """A module that has every name, and nothing behind any."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return object
