from pathlib import Path

HEAD = "project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}\n"


def wrong(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(
        HEAD
        + "fields:\n  order:\n    一: &a {of: ["
        + "甲, " * 20_000
        + "]}\n"
        + "".join(f"    栏{number}: *a\n" for number in range(6)),
        encoding="utf-8",
    )


def mended(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(
        HEAD + "fields:\n  order:\n    一: &a {type: choice, of: [甲, 乙]}\n    二: *a\n", encoding="utf-8"
    )
