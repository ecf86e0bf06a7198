"""What most likely makes a text no SDL, beyond the place where the parser gave up."""

import json
import re
from typing import Final

from plait_schema.federation.parsing import open_brackets

_DEFINITION: Final = re.compile(
    r"\s*(?:extend\s+)?(?:schema|scalar|type|interface|union|enum|input|directive)\b[^{}]*\Z"
)


def how_to_mend(text: str, position: int) -> str | None:
    """What to do about a syntax error at a position of the text, if that is known."""
    if _is_json(text):
        return 'This is JSON: of what a server answers to { _service { sdl } }, take the text of "sdl" alone.'
    line = text[text.rfind("\n", 0, position) + 1 : position]
    unclosed = open_brackets(text[:position])
    if unclosed and (position >= len(text.rstrip()) or _DEFINITION.match(line)):
        opened = text.count("\n", 0, unclosed[-1]) + 1
        return f'Close the "{text[unclosed[-1]]}" of line {opened}.'
    return None


def _is_json(text: str) -> bool:
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return False
    try:
        json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True
