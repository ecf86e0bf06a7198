"""What people read, template by template: a golden case each."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.contracts.notification import VALUES, Template
from subgraphs.kernel.domain import DomainError, Failure
from subgraphs.notification.domain.notification import Content
from subgraphs.notification.rendering import Reader, Renderer
from subgraphs.notification.samples import preview

RENDERER = Renderer("https://academy.example/")
GOLDEN = Path(__file__).parent / "templates"


def _markdown(template: Template, content: Content) -> str:
    return (
        f"# {template}\n\n{content.subject}\n\n"
        f"```text\n{content.body.text}```\n\n```html\n{content.body.html}```\n"
    )


def _rendered(template: Template, values: dict[str, str], reader: Reader) -> Content:
    rendered = RENDERER.render(template, values, reader)
    assert not isinstance(rendered, Failure)
    return rendered.value


@pytest.mark.parametrize("template", Template)
def test_a_template_says_what_it_said(template: Template, update: bool) -> None:
    file, text = GOLDEN / f"{template.lower()}.md", _markdown(template, preview(RENDERER, template))
    if update:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_there_is_a_case_for_each_template_and_no_other() -> None:
    assert {file.stem.upper() for file in GOLDEN.iterdir()} == set(Template)


@pytest.mark.parametrize("template", Template)
def test_the_values_that_are_promised_are_enough(template: Template) -> None:
    """No title is known, and nothing of the reader."""
    content = _rendered(template, dict.fromkeys(VALUES[template], "7"), Reader())
    assert content.subject
    assert "Hello there," in content.body.text


@pytest.mark.parametrize("template", [one for one in Template if VALUES[one]])
def test_without_its_values_nothing_is_said(template: Template) -> None:
    missing = RENDERER.render(template, {}, Reader())
    names = ", ".join(sorted(VALUES[template]))
    assert missing == Failure(DomainError("TEMPLATE_VALUE_MISSING", f"{template} needs {names}"))


@given(st.text(max_size=40))
def test_nothing_that_is_put_in_becomes_markup_or_a_second_header(text: str) -> None:
    values = {"course_id": text, "course_title": f"<b>{text}</b>"}
    content = _rendered(Template.COURSE_CREATED, values, Reader(f"<i>{text}"))
    assert "<b>" not in content.body.html
    assert "<i>" not in content.body.html
    assert len(content.subject.splitlines()) == 1


def test_times_are_those_of_the_reader() -> None:
    values = {"changed_at": "2025-09-01T20:30:00+00:00"}
    for zone, shown in (
        ("Asia/Dhaka", "2 September 2025, 02:30 (Asia/Dhaka)"),
        ("Atlantis/Capital", "1 September 2025, 20:30 (UTC)"),
        ("../../etc/passwd", "1 September 2025, 20:30 (UTC)"),
    ):
        content = _rendered(Template.PASSWORD_CHANGED, values, Reader("Ada", zone))
        assert shown in content.body.text


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Ada", "Ada"),
        ("J. R.", "J. R."),
        ("Zoë d'Arc-Müller", "Zoë d'Arc-Müller"),
        ("Win at evil.example", "there"),
        ("https://evil.example", "there"),
        ("me@evil.example", "there"),
    ],
)
def test_nobody_is_greeted_by_what_becomes_a_link(name: str, greeted: str) -> None:
    content = _rendered(Template.VERIFY_EMAIL, {"token": "7"}, Reader(name))
    assert content.body.text.startswith(f"Hello {greeted},\n")
