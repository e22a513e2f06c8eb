"""One small shop whose channel each test writes, and an import of texts as if they were files."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import orderkit
from orderkit import Kit
from orderkit._project.files import Files
from orderkit._project.loading import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from orderkit._commands.importing import ImportResult
    from orderkit._project import Project

NOON = datetime(2026, 6, 18, 4, tzinfo=UTC)

BASE = """
project: {name: shop, currency: CNY, timezone: Asia/Shanghai}
fields:
  order:
    receiver: {type: text}
    phone: {type: phone}
    payment: {type: choice, of: {wechat: 微信, card: 银行卡}}
    share: {type: percent}
    big: {type: boolean, formula: order.total > 100}
  line:
    gift: {type: boolean, default: false}
tables:
  products: {key: sku, file: data/products.csv, fields: {name: text, category: text, price: money}}
flows:
  order:
    starts: 待付
    states: {待付: {}, 完成: {end: done}, 关闭: {end: canceled}}
    actions: {付款: {from: 待付, to: 完成, by: anyone}, 取消: {from: 待付, to: 关闭, by: anyone}}
"""
PRODUCTS = "sku,name,category,price\nA,茶,饮料,20\nB,杯,日用,30\n"
PLAIN = """
channels:
  tb:
    text: {none: ["-"]}
    files: {orders: {has: [编号, 金额]}}
    order:
      key: 编号
      map:
        external_number: 编号
        total: 金额
        paid: 实付
        placed_at: 时间
        phone: {from: 电话, clean: [phone]}
        state: {from: 状态, as: {成功: 完成, 关了: 关闭, 等待: 待付}}
    refunds: {if: money(退款) > 0, key: 编号, map: {amount: 退款}}
    trust: [total, paid]
"""


class Shop:
    """Writes a project and its files, loads it, imports into memory."""

    plain = PLAIN

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kits: list[Kit] = []
        (folder / "data").mkdir()
        (folder / "data/products.csv").write_text(
            "sku,name,category,price\nA,茶,饮料,20\nB,杯,日用,30\n", "utf-8"
        )

    def check(self, channels: str) -> list[orderkit.Diagnostic]:
        (self.folder / "orderkit.yaml").write_text(BASE + channels, "utf-8")
        return list(orderkit.check(self.folder))

    def load(self, channels: str = PLAIN) -> Project:
        (self.folder / "orderkit.yaml").write_text(BASE + channels, "utf-8")
        return orderkit.load(self.folder)

    def kit(self, channels: str = PLAIN) -> Kit:
        kit = Kit(self.load(channels), clock=lambda: NOON)
        self._kits.append(kit)
        return kit

    def file(self, text: str | bytes, name: str = "orders.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def imported(self, text: str | bytes, channels: str = PLAIN, **more: Any) -> tuple[Kit, ImportResult]:
        kit = self.kit(channels)
        return kit, kit.import_files(self.file(text), **more)

    def close(self) -> None:
        for kit in self._kits:
            kit.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


@pytest.fixture
def adds_up() -> Callable[[ImportResult], bool]:
    def check(result: ImportResult) -> bool:
        parts = (result.accepted, result.updated, result.unchanged, result.rejected, result.skipped)
        return sum(parts) == result.read

    return check


@pytest.fixture(scope="session")
def compiled() -> Callable[[str], Project]:
    """Compile the shop with the channels of a test, each text once."""

    @cache
    def make(channels: str) -> Project:
        texts = {"orderkit.yaml": (BASE + channels).encode(), "data/products.csv": PRODUCTS.encode()}
        return build(Files("shop", texts), "")

    return make


@pytest.fixture(scope="session")
def plain() -> str:
    return PLAIN
