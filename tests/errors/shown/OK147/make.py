from pathlib import Path

HEAD = "project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}\n"


def wrong(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(HEAD + "# 旧版本\n" * 100_000, encoding="utf-8")


def mended(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(HEAD, encoding="utf-8")
