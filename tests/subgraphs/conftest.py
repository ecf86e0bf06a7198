from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Verbs and seeds set for their process what is logged."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
