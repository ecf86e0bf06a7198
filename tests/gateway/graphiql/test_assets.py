"""The built files are whole, and built from the sources beside them."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from plait_gateway import graphiql
from plait_gateway.graphiql import asset

SOURCES = Path(__file__).parents[3] / "gateway" / "graphiql"
BUILT = Path(graphiql.__file__).parent
MANIFEST = json.loads((BUILT / "manifest.json").read_text())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_sources_are_those_that_were_built() -> None:
    """When this fails, run scripts/build-graphiql and commit what it writes."""
    paths = [path for path in SOURCES.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    assert MANIFEST["sources"] == {
        path.relative_to(SOURCES).as_posix(): _sha256(path.read_bytes()) for path in paths
    }


def test_every_file_of_the_manifest_is_in_the_package_and_no_other() -> None:
    assert {path.name.removesuffix(".gz") for path in (BUILT / "assets").iterdir()} == set(MANIFEST["files"])


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_a_file_is_what_the_build_wrote(name: str) -> None:
    found = asset(name)
    assert found is not None
    assert _sha256(gzip.decompress(found.gzipped)) == MANIFEST["files"][name]
    assert found.etag == f'"{MANIFEST["files"][name]}"'


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [
        (".js", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".svg", "image/svg+xml"),
        (".ttf", "font/ttf"),
    ],
)
def test_content_types(suffix: str, content_type: str) -> None:
    found = [asset(name) for name in MANIFEST["files"] if name.endswith(suffix)]
    assert {file.content_type for file in found if file} == {content_type}


@pytest.mark.parametrize(
    "name", ["", "nothing.js", "../page.py", "../manifest.json", "/etc/passwd", "assets"]
)
def test_other_names_are_no_files(name: str) -> None:
    assert asset(name) is None


def test_the_bundle_stays_small() -> None:
    """2 MB compressed; GraphiQL with all of Monaco's languages and its own fonts would be far more."""
    assert sum(path.stat().st_size for path in (BUILT / "assets").iterdir()) < 2_000_000


def test_lock_file_names_no_host() -> None:
    """A registry's address would break every install behind a mirror (`npm run lock` keeps it out)."""
    text = (SOURCES / "package-lock.json").read_text()
    assert "://" not in text
    assert all("integrity" in entry for path, entry in json.loads(text)["packages"].items() if path)


def test_licences_of_the_packages_are_kept() -> None:
    text = (BUILT / "THIRD-PARTY-LICENSES.txt").read_text()
    for package in json.loads((SOURCES / "package.json").read_text())["dependencies"]:
        assert re.search(rf"^{re.escape(package)} \d", text, re.MULTILINE), package
    assert "CC-BY-4.0" in text  # the icon font
