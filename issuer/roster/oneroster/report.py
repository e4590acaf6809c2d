"""What was found, as a CSV file that opens in a spreadsheet program and does nothing there."""

import csv
import io
from collections.abc import Iterable

from issuer.roster.oneroster.findings import Finding, Gettext

# What begins so is a formula to spreadsheet programs (OWASP, CSV Injection), and the values come from strangers' files.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_HEADINGS = ("File", "Line", "Column", "Value", "Severity", "What is wrong", "What to do")
_SEVERITIES = {"error": "Error", "warning": "To look at"}


def findings_csv(findings: Iterable[Finding], gettext: Gettext) -> bytes:
    """Return the findings in the language of `gettext`, in UTF-8 with the byte order mark by which Excel knows it."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow([gettext(heading) for heading in _HEADINGS])
    for finding in findings:
        writer.writerow(
            [
                harmless(finding.file),
                finding.line or "",
                harmless(finding.column or ""),
                harmless(finding.value or ""),
                gettext(_SEVERITIES[finding.severity.value]),
                harmless(finding.sentence(gettext)),
                harmless(finding.advice(gettext)),
            ]
        )
    return made.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula."""
    return (
        f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA_STARTS) or cell.startswith(_FORMULA_STARTS) else cell
    )
