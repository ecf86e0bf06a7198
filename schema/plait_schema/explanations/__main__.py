"""`python -m plait_schema.explanations`: write the reference page, from the repository's root."""

from pathlib import Path

from plait_schema.explanations import reference_page

Path("docs/codes.md").write_text(reference_page(), encoding="utf-8")
