"""What a database file promises: settings, stamps, strictness, and nothing left by a killed process."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from orderkit.adapters.sql import SqlStore
from orderkit.adapters.sql.schema import build, column_name
from orderkit.domain.events import AuditEntry, LimitUse
from orderkit.domain.records import ColumnSpec
from orderkit.domain.stock import StockLevel, StockMove
from orderkit.errors import Busy, StoreError
from orderkit.testing import COLUMNS, rich_order, sample_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


NOW = datetime(2026, 6, 18, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.db"


@pytest.fixture
def store(file: Path) -> Iterator[SqlStore]:
    opened = _open(file)
    yield opened
    opened.close()


def _open(file: Path, *, busy_timeout: float = 30.0) -> SqlStore:
    opened = SqlStore(f"sqlite:///{file}", busy_timeout=busy_timeout)
    opened.prepare(COLUMNS, "h1", {"orderkit.yaml": "项目: 店\n"})
    return opened


def _sql(file: Path, text: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(text).fetchall()


def test_orders_are_there_after_closing_and_opening_again(store: SqlStore, file: Path) -> None:
    with store.transaction() as unit:
        unit.orders.insert([rich_order()])
    store.close()
    again = _open(file)
    with again.transaction(write=False) as unit:
        assert unit.orders.find() == [rich_order()]
    again.close()


def test_sqlite_is_opened_to_survive_a_power_loss(store: SqlStore) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    for write in (True, False):
        with store._connected(write=write) as connection:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            query_only = connection.exec_driver_sql("PRAGMA query_only").scalar()
        assert found == wanted
        assert query_only == (not write)


def test_figures_can_be_summed_by_anyone_with_sql(store: SqlStore, file: Path) -> None:
    with store.transaction() as unit:
        unit.orders.insert([rich_order()])
    assert _sql(file, "SELECT sum(total), max(paid_at) FROM ok_orders") == [
        (9810, int(NOW.timestamp()) * 1_000_000)
    ]
    assert _sql(file, "SELECT sum(price), sum(f_cost) FROM ok_lines") == [
        (39_900_000 + 33_299_999, 12_345_678)
    ]
    assert _sql(file, 'SELECT "f_颜色" FROM ok_lines ORDER BY position') == [("蓝",), (None,)]


def test_texts_of_a_project_are_kept_once_per_hash(store: SqlStore, file: Path) -> None:
    store.prepare(COLUMNS, "h1", {"orderkit.yaml": "changed"})
    store.prepare(COLUMNS, "h2", {"orderkit.yaml": "project: two\n"})
    assert _sql(file, "SELECT hash, texts FROM ok_projects ORDER BY hash") == [
        ("h1", '{"orderkit.yaml":"项目: 店\\n"}'),
        ("h2", '{"orderkit.yaml":"project: two\\n"}'),
    ]


def test_a_database_of_a_newer_orderkit_is_refused_with_the_remedy(store: SqlStore, file: Path) -> None:
    store.close()
    _sql(file, "UPDATE ok_meta SET schema_version = 99, orderkit = '7.0'")
    newer = SqlStore(f"sqlite:///{file}")
    with pytest.raises(StoreError, match=r"layout 99 \(made by orderkit 7\.0\).*upgrade orderkit"):
        newer.prepare(COLUMNS, "h1", {})
    with pytest.raises(StoreError, match="call prepare"), newer.transaction():
        pass
    newer.close()


def test_a_field_cannot_change_its_kind(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="'receiver' of an order is kept as text and cannot become integer"):
        store.prepare([ColumnSpec("order", "receiver", "integer")], "h2", {})


def test_columns_refuse_values_of_another_type(store: SqlStore, file: Path) -> None:
    with store.transaction() as unit:
        unit.orders.insert([sample_order()])
    for text in (
        "UPDATE ok_orders SET total = 1.5",
        "UPDATE ok_orders SET total = 'much'",
        "UPDATE ok_orders SET \"f_楼层\" = 'three'",
        "INSERT INTO ok_stock VALUES ('A', -1, 0, 0)",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            _sql(file, text)


def test_history_cannot_be_changed_even_past_orderkit(store: SqlStore, file: Path) -> None:
    with store.transaction() as unit:
        unit.audit.append([AuditEntry("O1", NOW, "host", "placed")])
    for text in ("UPDATE ok_audit SET actor = 'nobody'", "DELETE FROM ok_audit"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            _sql(file, text)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("orders.db", "is no database URL"),
        ("mysql://host/db", "not in mysql"),
        ("nonsense://host/db", "nonsense"),
        ("sqlite:////no/such/folder/orders.db", "unable to open"),
    ],
)
def test_a_database_that_cannot_be_opened_says_why(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        SqlStore(url).prepare(COLUMNS, "h", {})


def test_a_database_held_by_another_process_is_busy(store: SqlStore, file: Path) -> None:
    hasty = _open(file, busy_timeout=0.05)
    with store.transaction() as unit:
        unit.stock.put("A", 1)
        with pytest.raises(Busy), hasty.transaction():
            pass
    hasty.close()


def test_readers_see_the_last_commit_while_a_writer_is_at_work(store: SqlStore) -> None:
    with store.transaction() as unit:
        unit.stock.put("A", 1)
    with store.transaction() as writer:
        writer.stock.put("A", 2)
        with store.transaction(write=False) as reader:
            assert reader.stock.levels(["A"]) == {"A": StockLevel("A", 1)}


def test_no_statement_of_a_command_reads_a_whole_table(store: SqlStore) -> None:
    with store.transaction() as unit:
        order = rich_order()
        unit.inbox.recall("place", "k")
        unit.orders.by_external("tmall", "TB-77")
        unit.orders.placed_by("C-1")
        unit.orders.insert([order])
        unit.orders.update(replace(order, version=6, parts=(), payments=order.payments[:1]), expected=5)
        unit.orders.update(replace(order, version=7, lines=order.lines[:1]), expected=6)
        unit.orders.update(replace(order, version=8, parts=(replace(order.parts[0], state="x"),)), expected=7)
        for name in ("state", "channel", "customer"):
            unit.orders.find(**{name: "x"})  # type: ignore[arg-type] # each takes a text
        unit.stock.put("A", 5)
        unit.stock.move([StockMove("A", "reserve", reserved=1, order_id="O1", cause="1")])
        unit.stock.ledger("A")
        unit.limits.record([LimitUse("p", "O1", "C1"), LimitUse("p", "O1", "C1", "released")])
        unit.limits.used(["p"], "C1")
        unit.timers.due(NOW, 10)
        unit.timers.of("O1")
        unit.timers.disarm(["k"])
        unit.outbox.waiting(NOW, 10)
        unit.outbox.of("O1")
        unit.audit.of("O1")
        unit.sources.known("tmall", ["k"])
        unit.rejects.of("tmall")
    read: list[str] = []
    with store._connected(write=False) as connection:
        for name, one in store._statements.items():
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one.text}", (None,) * len(one.names))
            read += [f"{name}: {row[3]}" for row in plan if "SCAN" in row[3] and "USING" not in row[3]]
    assert read == []


_KILLED = """
import sys, time
from orderkit.adapters.sql import SqlStore
from orderkit.testing import COLUMNS, rich_order

store = SqlStore(sys.argv[1])
store.prepare(COLUMNS, "h1", {})
with store.transaction() as unit:
    unit.orders.insert([rich_order("SO-killed")])
    unit.stock.put("A", 99)
    print("written", flush=True)
    time.sleep(60)
"""


def test_a_killed_process_leaves_nothing(store: SqlStore, file: Path) -> None:
    with store.transaction() as unit:
        unit.orders.insert([sample_order()])
    arguments = [sys.executable, "-c", _KILLED, f"sqlite:///{file}"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
    with store.transaction() as unit:
        assert unit.orders.find() == [sample_order()]
        assert unit.stock.levels(["A"]) == {"A": StockLevel("A")}


_FORKING = """
import os, sys
from orderkit.adapters.sql import SqlStore
from orderkit.testing import COLUMNS

store = SqlStore(sys.argv[1])
store.prepare(COLUMNS, "h1", {})
with store.transaction() as unit:
    unit.stock.put("before", 1)
child = os.fork()
name = "parent" if child else "child"
for units in range(20):
    with store.transaction() as unit:
        unit.stock.put(name, unit.stock.levels([name])[name].on_hand + 1)
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
store.close()
"""


def test_a_forked_process_goes_on_with_connections_of_its_own(store: SqlStore, file: Path) -> None:
    arguments = [sys.executable, "-c", _FORKING, f"sqlite:///{file}"]
    done = subprocess.run(arguments, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    with store.transaction(write=False) as unit:
        levels = unit.stock.levels(["before", "parent", "child"])
    assert {sku: one.on_hand for sku, one in levels.items()} == {"before": 1, "parent": 20, "child": 20}


def test_opening_a_prepared_database_needs_no_write_lock(store: SqlStore, file: Path) -> None:
    begun = time.monotonic()
    with store.transaction() as unit:
        unit.stock.put("A", 1)
        _open(file, busy_timeout=5).close()
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("field", ["颜色", "size", "Size", "SIZE", "字" * 30, "字" * 31, "a" * 58, "a" * 59])
def test_columns_have_names_that_databases_keep_apart(field: str) -> None:
    name = column_name(field)
    assert len(name.encode()) <= 63
    assert name == name.lower()


def test_fields_that_differ_in_case_or_late_have_columns_of_their_own() -> None:
    fields = ["size", "Size", "SIZE", "字" * 30, "字" * 31, "a" * 58, "a" * 59]
    assert len({column_name(one) for one in fields}) == len(fields)


def test_the_tables_are_valid_for_postgresql_too() -> None:
    collection, _ = build(COLUMNS, strict=False)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped
    for table in collection.sorted_tables:
        text = str(CreateTable(table).compile(dialect=dialect))
        assert "STRICT" not in text
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))
