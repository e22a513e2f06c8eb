"""The verbs that only look: orders, history, actions, timers, outbox, prices, reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit._commands.calls import ask, get_order
from orderkit._commands.counting import quote
from orderkit._commands.firing import ActionView, actions
from orderkit._commands.reporting import ReportTable, report
from orderkit._fields.reading import read_order
from orderkit._kit.arguments import mapping, moment, word, words
from orderkit._kit.running import Running, as_actor
from orderkit.errors import InvalidOrder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from orderkit.domain.events import Actor, AuditEntry, EffectRequest, Timer
    from orderkit.domain.order import Order
    from orderkit.domain.price import Price
    from orderkit.domain.records import Reject


class Looking(Running):
    """The verbs that change nothing."""

    def get(self, order_id: str) -> Order:
        """Read one order.

        Args:
            order_id: Id or number.

        Returns:
            The order.

        Raises:
            NotFound: There is none.
        """
        order_id = word("order_id", order_id)
        return self.run(lambda: get_order(order_id), write=False)

    def find(
        self,
        *,
        state: str | None = None,
        channel: str | None = None,
        customer: str | None = None,
        limit: int = 50,
    ) -> list[Order]:
        """List orders, newest first.

        Args:
            state: Only those in this state.
            channel: Only those of this channel.
            customer: Only those of this customer.
            limit: Most to list.

        Returns:
            Orders.
        """
        found: list[Order] = self.run(
            lambda: ask("orders", "find", state=state, channel=channel, customer=customer, limit=limit),
            write=False,
        )
        return found

    def history(self, order_id: str) -> list[AuditEntry]:
        """List what happened to an order: who, when, why, and by which line of YAML.

        Args:
            order_id: Id or number.

        Returns:
            Entries, oldest first; refused commands are among them.

        Raises:
            NotFound: There is no such order.
        """
        order = self.get(order_id)
        found: list[AuditEntry] = self.run(lambda: ask("audit", "of", order.id), write=False)
        return found

    def actions(self, order_id: str, *, actor: Actor | str | None = None, part: str = "") -> list[ActionView]:
        """Tell for every action whether it can be fired now, and why not.

        Args:
            order_id: Id or number of the order.
            actor: Who asks; roles decide.
            part: Id of a part, such as `refund-1`.

        Returns:
            One view for each action, in file order.

        Raises:
            NotFound: There is no such order.
        """
        order = self.get(order_id)
        skus = sorted({line.sku for line in order.lines})
        levels = self.run(lambda: ask("stock", "levels", skus), write=False)
        return actions(self.project, order, part=part, levels=levels, now=self.now(), actor=as_actor(actor))

    def timers(self, order_id: str) -> list[Timer]:
        """List what is due later for an order.

        Args:
            order_id: Id or number.

        Returns:
            Timers, earliest first.

        Raises:
            NotFound: There is no such order.
        """
        order = self.get(order_id)
        found: list[Timer] = self.run(lambda: ask("timers", "of", order.id), write=False)
        return found

    def outbox(self, order_id: str | None = None, *, limit: int = 100) -> list[EffectRequest]:
        """List what was asked of the world outside and what became of it.

        Args:
            order_id: Only of this order's id.
            limit: Most to list.

        Returns:
            Effects in the order they were asked.
        """
        found: list[EffectRequest] = self.run(lambda: ask("outbox", "of", order_id, limit), write=False)
        return found

    def rejects(self, channel: str | None = None, *, limit: int = 100) -> list[Reject]:
        """List rows that could not be taken.

        Args:
            channel: Only of this channel.
            limit: Most to list.

        Returns:
            Rows with reasons, newest first.
        """
        found: list[Reject] = self.run(lambda: ask("rejects", "of", channel, limit), write=False)
        return found

    def quote(
        self, order: Mapping[str, Any], *, coupons: Sequence[str] = (), at: datetime | None = None
    ) -> Price:
        """Price a cart with what the store knows of the customer and of limits; nothing is reserved.

        Args:
            order: Values by field, as for `place`.
            coupons: Codes entered, beside the order's own.
            at: The instant whose promotions count; the present one where none is given.

        Returns:
            The price with its ledger.

        Raises:
            InvalidOrder: The data is wrong.
        """
        cart, at = mapping("order", order), moment("at", at, self.project.fields.zone)
        given = {**cart, "coupons": [*(cart.get("coupons") or ()), *words("coupons", coupons)]}
        draft, problems = read_order(
            self.project.fields, given, now=at or self.now(), lookup=self.lookup, cart=True
        )
        if draft is None:
            raise InvalidOrder(problems)
        return self.run(lambda: quote(self.project, draft), write=False)

    def report(
        self,
        name: str,
        *,
        since: datetime | date | str | None = None,
        until: datetime | date | str | None = None,
        by: str | None = None,
        where: Mapping[str, str] | None = None,
    ) -> ReportTable:
        """Compute a report.

        Args:
            name: Its name.
            since: First instant that counts; a date, a text or a naive datetime is read in the project's
                zone; all of the past where none is given.
            until: First instant that no longer counts.
            by: Time grain to use instead of the report's first: `day`, `week`, `month` ...
            where: Values that dimensions must have.

        Returns:
            Columns and rows, with the definition's place, period and zone.

        Raises:
            ConfigError: The report needs what this version of orderkit does not run.
            NotFound: There is no such report.
        """
        self.project.require(f"report:{name}")
        now, zone = self.now(), self.project.fields.zone
        since, until = moment("since", since, zone), moment("until", until, zone)
        if since is not None and until is not None and until < since:
            message = f"until ({until}) lies before since ({since})"
            raise ValueError(message)
        return self.run(
            lambda: report(self.project, name, since=since, until=until, by=by, where=where or {}, now=now),
            write=False,
        )
