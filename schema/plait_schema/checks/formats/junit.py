"""JUnit's XML, which CI servers show as test results: a suite for each section, a case for each finding."""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from plait_schema.checks.formats.wording import affected, place, printable
from plait_schema.checks.report import Finding, Report, Section
from plait_schema.checks.settings import FailOn

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def junit_xml(report: Report) -> str:
    """What fails the check is a failure; other findings are cases that pass and say something."""
    suites = [_suite(section, report.fail_on) for section in report.sections]
    root = Element("testsuites", {"name": printable(report.title)} | _totals(suites))
    root.extend(suites)
    indent(root)
    return _DECLARATION + tostring(root, encoding="unicode") + "\n"


def _suite(section: Section, fail_on: FailOn) -> Element:
    cases = [_case(section, finding, fail_on) for finding in section.findings]
    if not cases:
        case = _testcase(section, section.note)
        if section.skipped:
            SubElement(case, "skipped", message=printable(section.note))
        cases = [case]
    failures = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    suite = Element(
        "testsuite",
        name=section.title,
        tests=str(len(cases)),
        failures=str(failures),
        errors="0",
        skipped=str(skipped),
        time="0",
    )
    suite.extend(cases)
    return suite


def _case(section: Section, finding: Finding, fail_on: FailOn) -> Element:
    case = _testcase(section, f"{finding.code} {finding.coordinate or place(finding)}".rstrip())
    if finding.fails(fail_on):
        failure = SubElement(case, "failure", message=printable(finding.message), type=finding.code)
        failure.text = printable(_details(finding))
    else:
        SubElement(case, "system-out").text = printable(f"{finding.severity}: {_details(finding)}")
    return case


def _testcase(section: Section, name: str) -> Element:
    return Element("testcase", classname=f"plait.{section.name}", name=printable(name), time="0")


def _details(finding: Finding) -> str:
    tolerated = f"({finding.tolerated.text})" if finding.tolerated is not None else ""
    used = f"used by: {affected(finding)}" if finding.affected else ""
    lines = (place(finding), finding.message, tolerated, used, finding.hint or "")
    return "\n".join(line for line in lines if line)


def _totals(suites: list[Element]) -> dict[str, str]:
    """JUnit counts in suites and again in all of them."""
    counts = ("tests", "failures", "errors")
    return {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in counts}
