from pathlib import Path

HEAD = "project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}\n"


def wrong(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(
        HEAD + "fields:\n  order:\n" + "".join(f"    栏{number}: text\n" for number in range(50_000)),
        encoding="utf-8",
    )


def mended(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(
        HEAD + "fields:\n  order:\n" + "".join(f"    栏{number}: text\n" for number in range(50)),
        encoding="utf-8",
    )
