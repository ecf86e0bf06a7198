"""The SDL files that `plait compose` reads: `python -m subgraphs.kernel.graphql.export` writes all of them.

With names of contexts, only theirs; with `--check` nothing is written, and a file that is not what its
context's code says is an error. A context is a folder of `subgraphs` with an `api.py` that has a
`schema`.
"""

import sys
from importlib import import_module
from pathlib import Path

from subgraphs.kernel.graphql.schema import FederatedSchema

_SUBGRAPHS = Path(__file__).parents[2]


def sdl(schema: FederatedSchema) -> str:
    """The text of a `schema.graphql`."""
    return schema.as_str().strip() + "\n"


def export(name: str) -> Path:
    """Write the SDL of one context; returns the file."""
    file = _SUBGRAPHS / name / "schema.graphql"
    file.write_text(sdl(import_module(f"subgraphs.{name}.api").schema), encoding="utf-8")
    return file


def is_current(name: str) -> bool:
    """Whether the file of a context is what its code says."""
    text = (_SUBGRAPHS / name / "schema.graphql").read_text(encoding="utf-8")
    return text == sdl(import_module(f"subgraphs.{name}.api").schema)


def exported_contexts() -> tuple[str, ...]:
    """The contexts that have an API, sorted by name."""
    apis = {*_SUBGRAPHS.glob("*/api.py"), *_SUBGRAPHS.glob("*/api/__init__.py")}
    return tuple(sorted(api.relative_to(_SUBGRAPHS).parts[0] for api in apis))


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        stale = [context for context in exported_contexts() if not is_current(context)]
        sys.exit(f"Not exported: {', '.join(stale)}" if stale else 0)
    for context in sys.argv[1:] or exported_contexts():
        sys.stdout.write(f"{export(context)}\n")
