"""Reports as text: for people, for programs, and for what shows the results of CI."""

from collections.abc import Callable, Mapping
from typing import Final

from plait_schema.checks.formats.github import github_annotations
from plait_schema.checks.formats.gitlab import gitlab_code_quality
from plait_schema.checks.formats.json_form import json_text
from plait_schema.checks.formats.junit import junit_xml
from plait_schema.checks.formats.markdown import markdown
from plait_schema.checks.formats.sarif import sarif_text
from plait_schema.checks.formats.text import text
from plait_schema.checks.report import Report

__all__ = ["FORMATS"]

FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "text": text,
    "json": json_text,
    "sarif": sarif_text,
    "junit": junit_xml,
    "github": github_annotations,
    "gitlab": gitlab_code_quality,
    "markdown": markdown,
}
