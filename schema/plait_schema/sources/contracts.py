"""The `contracts` of supergraph.yaml, which is plait's own addition to rover's format."""

from pathlib import Path
from typing import Final

from plait_schema.contract import Contract
from plait_schema.sources.errors import SourceError
from plait_schema.sources.yaml_map import YamlMap, read_yaml

_KEYS: Final = ("include", "exclude", "hide_unreachable_types")


def read_contract(file: Path, name: str) -> Contract:
    """The contract of this name. Raises SourceError with file and line, whichever contract is wrong."""
    root = read_yaml(file)
    if "contracts" not in root.entries:
        raise SourceError(f'{root.place()}: there is no "contracts", so there is no contract "{name}".')
    found = {contract.name: contract for contract in _contracts(root)}
    if name not in found:
        known = f", but {', '.join(sorted(found))}" if found else ""
        raise SourceError(f'{root.place("contracts")}: there is no contract "{name}"{known}.')
    return found[name]


def read_contracts(file: Path) -> tuple[Contract, ...]:
    """All contracts of the configuration, which may have none. Raises SourceError with file and line."""
    root = read_yaml(file)
    return _contracts(root) if "contracts" in root.entries else ()


def _contracts(root: YamlMap) -> tuple[Contract, ...]:
    contracts = root.map("contracts")
    return tuple(_contract(contracts, each) for each in contracts.entries)


def _contract(contracts: YamlMap, name: str) -> Contract:
    contract = contracts.map(name)
    for key in contract.entries:
        if key not in _KEYS:
            raise SourceError(f'{contract.place(key)}: a contract has {", ".join(_KEYS)}, but no "{key}".')
    include, exclude = frozenset(contract.texts("include")), frozenset(contract.texts("exclude"))
    hide_unreachable_types = contract.boolean("hide_unreachable_types", default=False)
    if not (include or exclude or hide_unreachable_types):
        raise SourceError(f'{contracts.place(name)}: the contract "{name}" includes and excludes nothing.')
    if both := include & exclude:
        tag = min(both)
        raise SourceError(f'{contract.place("exclude")}: the contract "{name}" includes "{tag}", too.')
    return Contract(name, include, exclude, hide_unreachable_types)
