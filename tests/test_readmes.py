"""What the READMEs say that there is: files, sections, scripts, and verbs of `plait` with their options."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import click
import pytest
from click.testing import CliRunner

from plait_schema.cli import plait

ROOT = Path(__file__).resolve().parents[1]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(?<!`)\]\(([^)\s]+)\)")
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*(\.(py|md|toml|svg)|/)")
_MADE_LATER = {".plait/"}  # by the commands that are described


@cache
def _tracked() -> tuple[str, ...]:
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(told.stdout.splitlines())


def _pages() -> list[str]:
    return [
        name
        for name in _tracked()
        if name.endswith("/README.md") or name == "README.md" or re.fullmatch(r"docs/[\w-]+\.md", name)
    ]


@cache
def _read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", _pages())
def test_links_lead_somewhere(page: str) -> None:
    for target in _LINK.findall(_BLOCK.sub("", _read(page))):
        if re.match(r"\w+:", target):
            continue
        path, _, section = target.partition("#")
        found = (ROOT / page).parent / path if path else ROOT / page
        assert found.exists(), target
        assert not section or section in _sections(found), target


def _sections(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", _pages())
def test_files_are_there(page: str) -> None:
    """By their whole name or by its end, as a page about a package names them."""
    there = {f"/{name}" for name in _tracked()}
    there |= {f"/{folder}/" for name in _tracked() for folder in PurePosixPath(name).parents}
    for named in _SPAN.findall(_BLOCK.sub("", _read(page))):
        if _PATH.fullmatch(named) and named not in _MADE_LATER:
            assert any(name.endswith(f"/{named}") for name in there), named


@pytest.mark.parametrize("page", _pages())
def test_commands_are_there(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # whose plait.yaml adds verbs
    for line in _commands(_read(page)):
        for words in _simple_commands(line):
            if words[0].startswith("scripts/"):
                assert words[0] in _tracked(), line
            elif words[0] in ("plait", ".venv/bin/plait"):
                _look_up(words[1:], line)


def _commands(text: str) -> Iterator[str]:
    for language, block in _BLOCK.findall(text):
        if language in ("sh", "bash", "console"):
            yield from block.replace("\\\n", " ").splitlines()
    yield from _SPAN.findall(_BLOCK.sub("", text))


def _simple_commands(line: str) -> Iterator[list[str]]:
    """Each command of a line of shell; nothing where it is not one."""
    try:
        words = shlex.split(line.removeprefix("$ "), comments=True)
    except ValueError:
        return
    while words and re.match(r"[A-Z_]+=", words[0]):
        del words[0]
    if words:
        yield words


def _look_up(words: list[str], line: str) -> None:
    """AssertionError for a verb that there is not, or an option that its help does not tell of."""
    verb: list[str] = []
    command: click.Command = plait
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        verb.append(words.pop(0))
        found = command.get_command(click.Context(command), verb[-1])
        assert found is not None, line
        command = found
    told = _options((*verb,)) | {"--version"}
    for word in words:
        if re.match(r"--?[a-z]", word):
            assert word.partition("=")[0] in told, line


@cache
def _options(verb: tuple[str, ...]) -> set[str]:
    helped = CliRunner().invoke(plait, [*verb, "--help"])
    assert helped.exit_code == 0, helped.output
    return set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", helped.output))
