"""Writes the page of each code that a file beside this one is an example of: `python tests/errors/pages.py`."""

from __future__ import annotations

import csv
from pathlib import Path

import orderkit
from orderkit._diagnostics.codes import Code, find
from orderkit._diagnostics.render import render

HERE = Path(__file__).parent
PAGES = HERE.parents[1] / "docs" / "reference" / "codes"
WORDS = {
    "en": ("Wrong:", "What `orderkit check` says:", "Mended:"),
    "zh": ("错误的写法：", "`orderkit check` 的提示：", "正确的写法："),
}


def examples() -> dict[str, str]:
    """Give the first file that is an example of each code."""
    with (HERE / "places.tsv").open(encoding="utf-8") as file:
        found: dict[str, str] = {}
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["code"], row["file"])
    return found


def page(code: str, name: str, lang: str) -> str:
    """Write one page: what the code means, a file that is wrong, what is said of it, and the file mended."""
    row: Code = find(code)
    said, helped = (row.zh, row.help_zh) if lang == "zh" else (row.en, row.help_en)
    wrong = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
    mended = (HERE / f"{name}.mended.yaml").read_text(encoding="utf-8")
    told = render(orderkit.check(HERE / f"{name}.yaml"), {f"{name}.yaml": wrong}, lang=lang)
    before, between, after = WORDS[lang]
    return (
        f"# {code}\n\n{said}\n\n{helped}\n\n{before}\n\n```text\n{wrong}```\n\n"
        f"{between}\n\n```text\n{told.rstrip()}\n```\n\n{after}\n\n```yaml\n{mended}```\n"
    )


def main() -> None:
    """Write every page in both languages."""
    PAGES.mkdir(exist_ok=True)
    for code, name in examples().items():
        for lang, ending in (("en", ".md"), ("zh", ".zh.md")):
            (PAGES / f"{code}{ending}").write_text(page(code, name, lang), encoding="utf-8")


if __name__ == "__main__":
    main()
