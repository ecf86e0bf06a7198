"""`plait --help` describes verbs without loading them, in their own words."""

import sys
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path

import pytest

from plait_schema.application_verbs import ApplicationVerbs
from plait_schema.cli import main
from plait_schema.verb_help import described
from plait_schema.verbs import installed, lacks_extra

PLAIT_YAML = Path(__file__).parents[3] / "plait.yaml"


@pytest.mark.parametrize("entry", installed("plait.commands").values(), ids=lambda entry: entry.name)
def test_an_installed_verb_is_described_as_it_describes_itself(entry: EntryPoint) -> None:
    found = described(entry.name, entry.value.partition(" ")[0])
    assert found is not None
    assert found.get_short_help_str(80) == entry.load().get_short_help_str(80) != ""


@pytest.mark.parametrize("name", ApplicationVerbs.beside(PLAIT_YAML).names)
def test_a_verb_of_the_academy_is_described_as_it_describes_itself(name: str) -> None:
    verbs = ApplicationVerbs.beside(PLAIT_YAML)
    found, loaded = verbs.described(name), verbs.load(name)
    assert found is not None
    assert loaded is not None
    assert found.get_short_help_str(80) == loaded.get_short_help_str(80) != ""


def test_no_verb_is_loaded_for_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = 'raise RuntimeError("too early")\n\n@command\ndef cook():\n    """Cook a dish."""\n'
    (tmp_path / "unlit_stove.py").write_text(source, encoding="utf-8")
    (tmp_path / "plait.yaml").write_text("commands: {cook: 'unlit_stove:cook'}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("sys.argv", ["plait", "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "  cook       Cook a dish.\n" in capsys.readouterr().out
    assert "unlit_stove" not in sys.modules


@pytest.mark.parametrize("target", ["none.such:verb", "json:dumps_what", "", ":verb", "sys:exit", "a..b:c"])
def test_what_cannot_be_read_is_not_described(target: str) -> None:
    assert described("verb", target) is None


class _Wheel(Distribution):
    """What a package says that its extras need."""

    def read_text(self, filename: str) -> str | None:
        if filename != "METADATA":
            return None
        return (
            "Name: stove\nVersion: 1\n"
            "Requires-Dist: no-such-package-anywhere>=1; extra == 'gas'\n"
            "Requires-Dist: click>=8; extra == 'wood'\n"
            "Requires-Dist: no-such-package-either>=1; (python_version < '3') and extra == 'wood'\n"
        )

    def locate_file(self, path: object) -> Path:
        raise NotImplementedError


@pytest.mark.parametrize(("extra", "lacks"), [("gas", True), ("wood", False)])
def test_a_verb_without_its_extra_is_known_without_loading_it(extra: str, lacks: bool) -> None:
    [entry] = [EntryPoint("cook", f"stove:cook [{extra}]", "plait.commands")._for(_Wheel())]  # type: ignore[attr-defined]
    assert lacks_extra(entry) is lacks
