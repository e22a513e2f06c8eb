from pathlib import Path

TEXT = "编号,金额,时间,留言\na1,25,2026-06-18 10:00,尽快{sign}发货\n"


def wrong(folder: Path) -> None:
    (folder / "orders.csv").write_text(TEXT.format(sign="\u202e"), encoding="utf-8")


def mended(folder: Path) -> None:
    (folder / "orders.csv").write_text(TEXT.format(sign=""), encoding="utf-8")
