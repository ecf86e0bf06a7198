"""Options of the whole suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the expected blocks of golden cases")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden cases are to be rewritten instead of checked."""
    return bool(request.config.getoption("--update"))
