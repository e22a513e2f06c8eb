"""The verbs that change one order."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from orderkit._commands.calls import content_hash
from orderkit._commands.firing import fire, open_part
from orderkit._commands.placing import place
from orderkit._commands.receiving import receive
from orderkit._fields.reading import read_order
from orderkit._kit.arguments import key as as_key
from orderkit._kit.arguments import mapping, units, word
from orderkit._kit.running import as_actor
from orderkit._kit.working import Working
from orderkit.domain.events import Actor, AuditEntry
from orderkit.domain.money import Money
from orderkit.domain.refund import REFUND
from orderkit.errors import InvalidOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit.domain.order import Order


class Kit(Working):
    """Runs orders of one project on one store.

    Args:
        project: The compiled project.
        store: A database URL such as `sqlite:///orders.db`, a store, or None to keep everything in memory.
        effects: What sends each kind of effect: a callable of (payload, key=...) by name.
        tables: What gives a row of each host table: a callable of (key) by name.
        clock: Gives the present instant, aware; the system's clock where none is given.
    """

    def place(
        self,
        order: Mapping[str, Any],
        *,
        actor: Actor | str | None = None,
        key: str | None = None,
        start: str | None = None,
    ) -> Order:
        """Validate, price, reserve and start one order, in one transaction.

        Args:
            order: Values by field: `{"customer": id or mapping, "lines": [{"sku", "quantity", ...}], ...}`.
            actor: Who places it; a text has no roles.
            key: Makes a repeat harmless: the same key gives the first order again.
            start: State to begin in where the flow has several.

        Returns:
            The order as placed.

        Raises:
            InvalidOrder: The data is wrong.
            Refused: Stock or a limit does not allow it.
            Conflict: The key was used with other content.
            TypeError: The order is no mapping.
            ValueError: The key is empty.
        """
        who, now = as_actor(actor), self.now()
        given, key = mapping("order", order), as_key(key)
        draft, problems = read_order(self.project.fields, given, now=now, lookup=self.lookup)
        if draft is None:
            raise InvalidOrder(problems)
        order_id, content = uuid.uuid4().hex, content_hash(given, who.name, who.roles)
        return self.audited(
            lambda: place(
                self.project,
                draft,
                order_id=order_id,
                now=now,
                actor=who,
                key=key,
                content=content,
                start=start,
            ),
            AuditEntry("", now, who.name, "refused", "place", project=self.project.hash),
        )

    def receive(self, channel: str, payload: Mapping[str, Any], *, actor: Actor | str | None = None) -> Order:
        """Take one payload of a channel: read it, then place or update; twice gives one order.

        Args:
            channel: Name of the channel.
            payload: The record as the channel sends it.
            actor: Who brings it; the channel where none is given.

        Returns:
            The order.

        Raises:
            InvalidOrder: The payload has problems, or the channel skips it.
            NotFound: There is no such channel.
            Refused: Stock or a limit does not allow it.
        """
        who = as_actor(actor) if actor is not None else Actor(channel, ("system",))
        payload = mapping("payload", payload)
        now = self.now()
        return self.audited(
            lambda: receive(
                self.project,
                channel,
                payload,
                now=now,
                actor=who,
                lookup=self.lookup,
                order_id=uuid.uuid4().hex,
            ),
            AuditEntry("", now, who.name, "refused", f"receive {channel}", project=self.project.hash),
        )

    def fire(
        self,
        order_id: str,
        action: str,
        *,
        data: Mapping[str, Any] | None = None,
        actor: Actor | str | None = None,
        key: str | None = None,
        part: str = "",
    ) -> Order:
        """Fire one action of an order or of one of its parts.

        Args:
            order_id: Id or number of the order.
            action: The action.
            data: Its needs by name.
            actor: Who fires; a text has no roles.
            key: Makes a repeat harmless.
            part: Id of a part, such as `refund-1`.

        Returns:
            The order after it.

        Raises:
            NotFound: There is no such order or part.
            Refused: It is not allowed now; `.reason` and `.details` say why, and nothing changed.
            Conflict: The key was used with other content.
        """
        who, now, given = as_actor(actor), self.now(), mapping("data", data or {})
        order_id, action, key = word("order_id", order_id), word("action", action), as_key(key)
        content = content_hash(order_id, action, given, part, who.name, who.roles)
        entry = AuditEntry(order_id, now, who.name, "refused", action, project=self.project.hash, part=part)
        return self.audited(
            lambda: fire(
                self.project, order_id, action, given, part=part, now=now, actor=who, key=key, content=content
            ),
            entry,
        )

    def open(
        self,
        order_id: str,
        kind: str,
        *,
        lines: Mapping[str, int] | None = None,
        amount: Money | None = None,
        reason: str = "",
        actor: Actor | str | None = None,
        key: str | None = None,
    ) -> Order:
        """Open a part of an order.

        Args:
            order_id: Id or number of the order.
            kind: Kind of part, such as `refund`.
            lines: Units per line id; None for all that is left.
            amount: Money it stands for; None for the exact share of the units and, in a refund, what the
                policies of the promotions it was bought under make of it.
            reason: Why it is opened.
            actor: Who opens it.
            key: Makes a repeat harmless.

        Returns:
            The order with the part; the newest stands last in `order.parts`.

        Raises:
            NotFound: There is no such order or kind of part.
            Refused: The units or the money are not there.
            Conflict: The key was used with other content.
        """
        who, now = as_actor(actor), self.now()
        order_id, lines, key = word("order_id", order_id), units(lines), as_key(key)
        if amount is not None and not isinstance(amount, Money):
            message = f"amount is Money, not {amount!r}; write Money.of('12.50', 'CNY')"
            raise TypeError(message)
        content = content_hash(order_id, kind, lines, amount, reason, who.name, who.roles)
        entry = AuditEntry(order_id, now, who.name, "refused", f"open {kind}", project=self.project.hash)
        products = self._products_of(order_id) if kind == REFUND and amount is None else None
        return self.audited(
            lambda: open_part(
                self.project, order_id, kind, lines=lines, amount=amount, reason=reason, now=now, actor=who,
                key=key, content=content, products=products,
            ),
            entry,
        )  # fmt: skip

    def refund(
        self,
        order_id: str,
        *,
        lines: Mapping[str, int] | None = None,
        reason: str = "",
        actor: Actor | str | None = None,
        key: str | None = None,
    ) -> Order:
        """Open a refund with what the units that come back are owed; its part says why in `rows`.

        Args:
            order_id: Id or number of the order.
            lines: Units per line id; None for all that is left.
            reason: Why.
            actor: Who asks for it.
            key: Makes a repeat harmless.

        Returns:
            The order with the refund part last in `order.parts`.

        Raises:
            NotFound: There is no such order.
            Refused: The units were refunded before, or the money was never paid.
            Conflict: The key was used with other content.
        """
        return self.open(order_id, REFUND, lines=lines, reason=reason, actor=actor, key=key)
