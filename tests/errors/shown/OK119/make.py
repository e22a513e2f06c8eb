from pathlib import Path

HEAD = "project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}\n"


def wrong(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(
        HEAD + "templates: {条款: {text: " + "字" * 70_000 + "}}\n", encoding="utf-8"
    )


def mended(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(HEAD + "templates: {条款: {text: 全文见官网}}\n", encoding="utf-8")
