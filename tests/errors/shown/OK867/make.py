from pathlib import Path

HEAD = "编号,金额,时间\n"


def wrong(folder: Path) -> None:
    (folder / "orders.csv").write_bytes(b"PK\x03\x04 what Excel writes into orders.xlsx")


def mended(folder: Path) -> None:
    (folder / "orders.csv").write_text(HEAD + "a1,5,2026-06-18 10:00\n", encoding="utf-8")
