from pathlib import Path

TEXT = "project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}\n"


def wrong(folder: Path) -> None:
    (folder / "orderkit.yaml").write_bytes(TEXT.encode("gbk"))


def mended(folder: Path) -> None:
    (folder / "orderkit.yaml").write_bytes(TEXT.encode("utf-8"))
