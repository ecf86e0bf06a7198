"""A short run of the whole: it finds nothing, on either database, and says so."""

import json

import pytest
from click.testing import CliRunner

from subgraphs.kernel.testing.redis import redis_program
from tests.subgraphs.chaos.__main__ import chaos

pytestmark = pytest.mark.long


@pytest.mark.parametrize("database", [[], ["--postgres"]], ids=["sqlite", "postgres"])
def test_nothing_is_lost_and_nothing_happens_twice(database: list[str]) -> None:
    if redis_program() is None:
        pytest.skip("there is no redis-server")
    result = CliRunner().invoke(chaos, ["--seconds", "2", "--seed", "7", "--format", "json", *database])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["holds"]
    assert sum(said["faults"].values()) > 0
    assert said["commands"] > 0
