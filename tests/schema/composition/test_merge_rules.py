"""Every rule of merging has a golden case that it decides, and every file of `merge` is such a rule."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from pkgutil import iter_modules
from types import CodeType, FrameType, ModuleType

import pytest

from plait_schema.composition import compose
from plait_schema.composition.merge.argument_strategies import STRATEGIES
from tests.schema.golden import read_case

_CASES = Path(__file__).parent / "cases"
_MERGE = "plait_schema.composition.merge"

RULES = {
    "applied_directives.merge_applied": "merge_tags_and_access",
    "applied_directives.merge_applications": "merge_tags_and_access",
    "argument_strategies.all_must_hold": "merge_tags_and_access",
    "argument_strategies.all_true": "merge_slicing_arguments",
    "argument_strategies.alternatives": "access_without_alternatives",
    "argument_strategies.largest": "merge_cost_and_list_size",
    "argument_strategies.union": "merge_cost_and_list_size",
    "arguments.merge_arguments": "merge_arguments",
    "arguments.merge_input_fields": "merge_input_objects",
    "composed_directives.composed_directives": "merge_composed_directives",
    "context.merge_context": "merge_entity",
    "contexts.merge_contexts": "merge_context",
    "contexts.context_arguments": "merge_context",
    "defaults.merge_defaults": "merge_default_values",
    "descriptions.merge_descriptions": "merge_descriptions",
    "directive_definitions.merge_directive_definitions": "merge_executable_directives",
    "directive_definitions.executable_locations": "merge_executable_directives",
    "enums.merge_enum": "merge_enums",
    "enums.keep_values": "merge_enums",
    "field_set_usage.field_set_usage": "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
    "fields.merge_fields": "merge_objects",
    "fields.merge_field": "merge_objects",
    "import_names.supergraph_names": "merge_renamed_imports",
    "inherited_access.inherit_access": "merge_access_of_interfaces",
    "input_objects.merge_input_object": "merge_input_objects",
    "interface_objects.implement_interface_objects": "merge_interface_object",
    "interfaces.merge_interface": "merge_interfaces",
    "kinds.agreeing": "merge_interface_object",
    "objects.merge_object": "merge_objects",
    "overrides.apply_overrides": "merge_override",
    "scalars.merge_scalar": "merge_union_and_custom_scalar",
    "sources.field_sources": "merge_entity",
    "type_references.merge_input_types": "merge_arguments",
    "type_references.merge_output_types": "merge_nullability_of_fields",
    "unions.merge_union": "merge_union_and_custom_scalar",
    "usage.find_usage": "merge_enums",
}


def _modules() -> Iterator[tuple[str, ModuleType]]:
    package = import_module(_MERGE)
    for found in iter_modules(package.__path__):
        yield found.name, import_module(f"{_MERGE}.{found.name}")


def _function(rule: str) -> Callable[..., object]:
    module, name = rule.split(".")
    function: Callable[..., object] = getattr(import_module(f"{_MERGE}.{module}"), name)
    return function


def test_every_file_is_a_rule() -> None:
    """All but the model of what comes out: a new file needs a line in the table, and so a case."""
    assert {name for name, _ in _modules()} - {rule.split(".")[0] for rule in RULES} == {"merged_schema"}


def test_everything_that_merges_is_a_rule() -> None:
    merging = {
        f"{name}.{function}"
        for name, module in _modules()
        for function, value in vars(module).items()
        if isfunction(value) and value.__module__ == module.__name__ and function.startswith("merge_")
    }
    assert merging <= RULES.keys()


def test_every_strategy_for_arguments_is_a_rule() -> None:
    strategies = {strategy.__name__ for arguments in STRATEGIES.values() for strategy in arguments.values()}
    assert {f"argument_strategies.{name}" for name in strategies} <= RULES.keys()


@pytest.mark.parametrize("rule", RULES)
def test_its_case_is_decided_by_the_rule(rule: str) -> None:
    case = read_case(_CASES / f"{RULES[rule]}.md")
    assert _function(rule).__code__ in _run_by(lambda: compose(case.subgraphs))


def _run_by(action: Callable[[], object]) -> set[CodeType]:
    """The code of all Python functions that are called."""
    called: set[CodeType] = set()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            called.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(before)
    return called
