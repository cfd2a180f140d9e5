"""Writes the states of an approval into `docs/reference/approvals.md`, as a picture and a table, from `registry/approvals/machine.py`.

    python -m scripts.approval_states

A test says when the page is behind the code.
"""

from pathlib import Path

from sceau.registry.approvals.machine import TRANSITIONS

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "approvals.md"
BEGIN, END = "<!-- made by scripts/approval_states.py -->\n", "<!-- until here -->\n"


def made() -> str:
    """What stands between the two marks."""
    steps = "".join(f"    {one.start} --> {one.end}: {one.act}\n" for one in TRANSITIONS)
    picture = f"```mermaid\nstateDiagram-v2\n    [*] --> {TRANSITIONS[0].start}\n{steps}```\n"
    rows = "".join(f"| `{one.start}` | `{one.act}` | `{one.end}` | {one.actor} |\n" for one in TRANSITIONS)
    return f"\n{picture}\n| from | act | to | by |\n|---|---|---|---|\n{rows}\n"


def parts(page: str) -> tuple[str, str, str]:
    """The page before, between and after the marks; `ValueError` where one is missing."""
    before, rest = page.split(BEGIN)
    between, after = rest.split(END)
    return before, between, after


def main() -> None:
    before, _, after = parts(PAGE.read_text())
    PAGE.write_text(f"{before}{BEGIN}{made()}{END}{after}")


if __name__ == "__main__":
    main()
