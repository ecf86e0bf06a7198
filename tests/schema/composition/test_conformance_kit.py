"""The shared composition conformance cases, in process: a case that passes must go on passing."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from plait_schema.composition import compose
from plait_schema.subgraph import SubgraphSource

KIT = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "composition"
KNOWN_OPEN = Path(__file__).with_name("known_open_cases.txt").read_text(encoding="utf-8").split()


def _load_kit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_composition", KIT / "run_composition.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def _cases() -> list[Any]:
    if not KIT.is_dir():
        return []
    return [
        pytest.param(case, id=case.id, marks=[pytest.mark.xfail] if case.id in KNOWN_OPEN else [])
        for case in RUNNER.load_cases([KIT / "cases"])
    ]


RUNNER: Any = _load_kit() if KIT.is_dir() else None


@pytest.mark.skipif(RUNNER is None, reason="the shared conformance folder is not beside the repository")
@pytest.mark.parametrize("case", _cases())
def test_case(case: Any) -> None:
    """`xfail` is strict here: who mends an open case takes it off the list."""
    composition = compose(SubgraphSource(each.name, each.url, each.sdl) for each in case.subgraphs)
    run = RUNNER.Run(
        exit_code=1 if composition.supergraph_sdl is None else 0,
        stdout=json.dumps({"diagnostics": [each.as_json() for each in composition.diagnostics]}),
        stderr="",
        supergraph=composition.supergraph_sdl,
    )
    verdict = RUNNER.judge(case, run)
    assert not verdict.problems, verdict.details
    assert not verdict.hint_problems
