"""Tables are brought up to date, and whoever needs them says when they are not."""

import pytest

from subgraphs.contexts import CONTEXTS
from tests.subgraphs.cli.operator import Operator


def test_a_new_database_is_made_once(newcomer: Operator) -> None:
    missing = newcomer.runs("migrate", "--check")
    assert (missing.exit_code, "[DATABASE_MISSING]" in missing.err) == (3, True)
    made = newcomer.runs("migrate")
    assert made.exit_code == 0
    assert [line.split()[-1] for line in made.out.splitlines()[1:]] == ["migrated"] * (1 + len(CONTEXTS))
    again = newcomer.runs("migrate", "--format", "json").json["contexts"]
    assert [context["name"] for context in again] == ["kernel", *CONTEXTS]
    assert all(context["was_at"] == context["is_at"] == context["head"] for context in again)
    assert newcomer.runs("migrate", "--check").exit_code == 0


def test_tables_that_are_behind_are_said_to_be(
    store: str, newcomer: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAIT_DATABASE_URL", store)
    monkeypatch.setenv("PLAIT_PAYMENTS_PROVIDER", "fake")
    if store.startswith("sqlite"):
        newcomer.data_dir.joinpath("store.db").touch()
    ran = newcomer.runs("migrate", "--check")
    assert (ran.exit_code, "behind" in ran.out) == (1, True)
    for verb in (("dlq", "list"), ("saga", "list"), ("prune", "--dry-run"), ("worker",)):
        ran = newcomer.runs(*verb)
        assert (ran.exit_code, "[MIGRATIONS_PENDING]" in ran.err) == (3, True)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://nobody@localhost:1/none", "DATABASE_UNAVAILABLE"),
        ("oracle://somewhere/else", "BAD_DATABASE_URL"),
        ("not a url", "BAD_DATABASE_URL"),
        ("postgresql://somebody:secret@somewhere:port/else", "BAD_DATABASE_URL"),
        ("postgresql://somebody:secret@somewhere:70000/else", "BAD_DATABASE_URL"),
        ("sqlite:///", "BAD_DATABASE_URL"),
        ("sqlite:////nowhere/at/all.db", "DATABASE_MISSING"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_clear_line(
    newcomer: Operator, monkeypatch: pytest.MonkeyPatch, url: str, code: str
) -> None:
    monkeypatch.setenv("PLAIT_DATABASE_URL", url)
    monkeypatch.setenv("PLAIT_PAYMENTS_PROVIDER", "fake")
    ran = newcomer.runs("dlq", "list")
    assert ran.exit_code == 3
    assert f"[{code}]" in ran.err
    assert "secret" not in ran.err
    assert len(ran.err.splitlines()) == 1


def test_on_a_server_somebody_has_to_say_who_moves_the_money(
    newcomer: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAIT_DATABASE_URL", "postgresql://nobody@localhost:1/none")
    monkeypatch.delenv("PLAIT_PAYMENTS_PROVIDER", raising=False)
    ran = newcomer.runs("worker")
    assert (ran.exit_code, len(ran.err.splitlines())) == (3, 1)
    assert "PLAIT_PAYMENTS_PROVIDER" in ran.err
    assert "[BAD_SETTINGS]" in ran.err


def test_a_setting_that_is_no_number_is_one_clear_line(
    newcomer: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAIT_KEEP_MESSAGES_DAYS", "soon")
    ran = newcomer.runs("prune", "--dry-run")
    assert (ran.exit_code, "[BAD_SETTINGS]" in ran.err) == (3, True)
