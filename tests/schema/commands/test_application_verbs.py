"""An application adds verbs to `plait` in the folder of its plait.yaml."""

from pathlib import Path

import pytest

from plait_schema.cli import main

COOK = """
import click

@click.command()
@click.argument("dish")
def cook(dish):
    "Cook a dish."
    click.echo(f"{dish} is ready")

recipe = "no command"
"""


@pytest.fixture
def kitchen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an application; what is imported from it is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / f"{_module(tmp_path)}.py").write_text(COOK, encoding="utf-8")
    return tmp_path


def _module(folder: Path) -> str:
    return f"kitchen_{abs(hash(folder))}"


def names(kitchen: Path, target: str) -> None:
    text = f"commands:\n  cook: {target.replace('kitchen', _module(kitchen))}\n"
    (kitchen / "plait.yaml").write_text(text, encoding="utf-8")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr("sys.argv", ["plait", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_a_verb_of_the_application_is_one_of_plait(
    kitchen: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names(kitchen, "kitchen:cook")
    assert run(monkeypatch, "cook", "soup") == 0
    assert capsys.readouterr().out == "soup is ready\n"
    assert run(monkeypatch, "--help") == 0
    assert "  cook       Cook a dish.\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("no_such_module_anywhere:cook", "does not load: ModuleNotFoundError: No module named"),
        ("kitchen:bake", "does not load: AttributeError"),
        ("kitchen", "does not load: AttributeError"),
        ("kitchen:recipe", "is not a click command"),
    ],
)
def test_a_verb_that_does_not_load_is_one_clear_line(
    kitchen: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    target: str,
    why: str,
) -> None:
    names(kitchen, target)
    assert run(monkeypatch, "cook") == 3
    said = capsys.readouterr().err
    assert said.startswith("Error: plait.yaml: commands.cook names ")
    assert why in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "No such command 'bake'. Applications add verbs, under `commands` in the plait.yaml of"),
        ("dev: {}\n", "No such command 'bake'. plait.yaml adds no such verb under `commands`."),
        ("commands: [cook]\n", "No such command 'bake'. plait.yaml: `commands` must name a module:attribute"),
        ("commands: {\n", "No such command 'bake'. plait.yaml is not YAML:"),
        ("commands: {baker: kitchen:cook}\n", "No such command 'bake'. Did you mean 'baker'?"),
    ],
)
def test_a_verb_that_there_is_not_is_explained(
    kitchen: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
    why: str,
) -> None:
    if text is not None:
        (kitchen / "plait.yaml").write_text(text, encoding="utf-8")
    assert run(monkeypatch, "bake") == 3
    assert why in capsys.readouterr().err


def test_a_verb_of_plait_is_no_applications(
    kitchen: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (kitchen / "plait.yaml").write_text(
        f"commands: {{explain: '{_module(kitchen)}:cook'}}\n", encoding="utf-8"
    )
    assert run(monkeypatch, "explain", "--help") == 0
    assert "Explain a CODE" in capsys.readouterr().out
