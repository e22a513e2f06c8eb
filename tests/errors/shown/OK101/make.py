from pathlib import Path

HEAD = "project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}\n"


def wrong(folder: Path) -> None:
    (folder / "orderkit.yaml").write_bytes(HEAD.encode() + b"# caf\xe9\n")


def mended(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(HEAD + "# café\n", encoding="utf-8")
