"""YAML whose keys know their lines, so that messages can name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from plait_schema.sources.errors import SourceError


@dataclass(frozen=True, slots=True)
class YamlMap:
    """A mapping of keys to values that are texts, lists or mappings."""

    file: Path
    entries: Mapping[str, tuple[yaml.Node, yaml.Node]]  # key -> (the key's node, the value)
    line: int

    def place(self, key: str | None = None) -> str:
        found = self.entries.get(key or "")
        line = found[0].start_mark.line + 1 if found else self.line
        return f"{self.file}:{line}"

    def text(self, key: str) -> str | None:
        if key not in self.entries:
            return None
        node = self.entries[key][1]
        if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null") or not node.value.strip():
            raise SourceError(f"{self.place(key)}: {key} must be a text.")
        return str(node.value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when the key is not there."""
        if key not in self.entries:
            return ()
        node = self.entries[key][1]
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        texts = [item.value for item in items if isinstance(item, yaml.ScalarNode) and item.value.strip()]
        if not isinstance(node, yaml.SequenceNode) or len(texts) < len(items):
            raise SourceError(f"{self.place(key)}: {key} must be a list of texts.")
        return tuple(texts)

    def boolean(self, key: str, *, default: bool) -> bool:
        """true or false, the default when the key is not there."""
        if key not in self.entries:
            return default
        node = self.entries[key][1]
        if not isinstance(node, yaml.ScalarNode) or node.value.lower() not in ("true", "false"):
            raise SourceError(f"{self.place(key)}: {key} must be true or false.")
        return str(node.value).lower() == "true"

    def map(self, key: str) -> "YamlMap":
        return _as_map(self.file, self.entries[key][1], key)


def read_yaml(file: Path) -> YamlMap:
    """The mapping that the file holds. Raises SourceError with file and line."""
    return _as_map(file, _parse(file), "the configuration")


def _parse(file: Path) -> yaml.Node:
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise SourceError(f"{file} is not UTF-8 text.") from error
    except OSError as error:
        raise SourceError(f"{file} cannot be read: {error.strerror}.") from error
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise SourceError(f"{file}{line}: not valid YAML: {error.problem or error.context}.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SourceError(f"{file}: not valid YAML: {error}.") from error
    if root is None:
        raise SourceError(f"{file} is empty.")
    return root


def _as_map(file: Path, node: yaml.Node, what: str) -> YamlMap:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise SourceError(f"{file}:{line}: {what} must be a mapping of keys to values.")
    entries: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise SourceError(f"{file}:{key.start_mark.line + 1}: a key must be a text.")
        if key.value in entries:
            raise SourceError(f'{file}:{key.start_mark.line + 1}: "{key.value}" is there twice.')
        entries[key.value] = (key, value)
    return YamlMap(file, entries, line)
