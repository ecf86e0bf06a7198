"""The schemas of formats that have one."""

import json
import re
from pathlib import Path
from typing import Final

import jsonschema
import xmlschema

_HERE: Final = Path(__file__).parent
SARIF: Final = json.loads((_HERE / "sarif.schema.json").read_text(encoding="utf-8"))
JUNIT: Final = xmlschema.XMLSchema(_HERE / "junit.xsd")
GITLAB: Final = json.loads((_HERE / "gitlab.schema.json").read_text(encoding="utf-8"))


def validate(format_: str, text: str) -> None:
    """Fails unless the text is what readers of the format take."""
    match format_:
        case "sarif":
            checker = jsonschema.FormatChecker()
            jsonschema.Draft7Validator(SARIF, format_checker=checker).validate(json.loads(text))
        case "junit":
            JUNIT.validate(text)
        case "gitlab":
            jsonschema.Draft7Validator(GITLAB).validate(json.loads(text))
        case "json":
            assert json.loads(text)["schema_version"] == 1
        case "github":
            for line in text.rstrip("\n").split("\n") if text else []:
                assert re.match(r"::(error|warning) ((file|line|col|title)=[^,:\n]*,?)+::", line), line
        case "markdown":
            assert re.match(r"<!-- plait check: [^<>\n]* -->\n", text)
        case _:
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
