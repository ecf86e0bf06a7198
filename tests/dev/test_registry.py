"""The registry beside `plait dev`: what was edited and what was asked."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from urllib.request import urlopen

from plait_schema.registry.client import ClientError, RegistryClient
from tests.dev.process import ask, plait_dev, refusal
from tests.dev.workshop import ACROSS, edit

DEV = "/api/graphs/local/variants/dev"


def until(condition: Callable[[], bool]) -> None:
    """It is loaded once the platform answers: at first nobody listens."""
    deadline = monotonic() + 120
    while monotonic() < deadline:
        with suppress(ClientError):
            if condition():
                return
    raise AssertionError("it did not come true")


def test_edits_are_versions_and_requests_are_usage(workshop: Path, tmp_path: Path) -> None:
    with plait_dev(workshop, tmp_path / "data", "--registry", "--registry-port", "0") as dev:
        url = dev.is_ready()
        registry = RegistryClient(dev.says("Registry  ").split()[1], None, timeout=60)
        until(lambda: bool(registry.get(DEV)["serving"] == 1))
        for address in (url, registry.url):
            assert refusal(address, host="evil.example") == (403, "HOST_NOT_ALLOWED")
        ask(url, ACROSS)
        edit(workshop / "workshop/supergraph.yaml", "http://127.0.0.1:1/tools", "http://127.0.0.1:2/tools")
        until(lambda: bool(registry.get(DEV)["serving"] == 2))
        until(lambda: bool(registry.get(f"{DEV}/operations")["operations"]))
        with urlopen(f"{registry.url}/graphs/local/dev/history", timeout=120) as page:
            assert page.read().count(b">composed<") == 2
        assert dev.stops().status == 0
    with plait_dev(workshop, tmp_path / "data", "--registry", "--registry-port", "0") as again:
        again.is_ready()
        registry = RegistryClient(again.says("Registry  ").split()[1], None, timeout=60)
        until(lambda: bool(registry.get(DEV)["latest"] == 2))  # the same graph is no new version
