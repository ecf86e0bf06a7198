"""Golden cases of files that cannot be read: the code, the place, and what is wrong."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from plait_schema.checks import InputError
from plait_schema.checks.approvals_file import read_approvals
from plait_schema.checks.operations import operations_in, operations_of_manifest, read_usage
from tests.schema.golden import Case, cases, check

READERS: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "usage": read_usage,
    "manifest": operations_of_manifest,
    "approvals": read_approvals,
    "operations": lambda text, file: operations_in({file: text}),
}


@pytest.mark.parametrize("case", cases(Path(__file__).parent / "cases"))
def test_what_is_wrong(case: Case, update: bool) -> None:
    check(case, {"problems": "\n".join(_problems(case))}, update=update)


def _problems(case: Case) -> list[str]:
    """What is said about each block, read on its own."""
    found = []
    for block in case.blocks:
        for kind, file in block.attributes.items():
            if kind in READERS:
                with pytest.raises(InputError) as caught:
                    READERS[kind](block.text, file)
                error = caught.value
                found.append(
                    f"error {error.code} {error.file}:{error.line}:{error.column}\n  {error.message}"
                )
    return found
