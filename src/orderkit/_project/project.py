"""The compiled project: what a host holds, shares between threads, and swaps whole on reload."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from orderkit._fields.reading import read_order
from orderkit._fields.view import draft_view, order_view
from orderkit._pricing.cart import PLENTY, Cart, CartLine, Left
from orderkit._pricing.engine import price_cart
from orderkit._project.unrun import PRICING, refused
from orderkit.domain.order import Order
from orderkit.errors import ConfigError, InvalidOrder, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from orderkit._cases.compiler import Case
    from orderkit._channels.engine import ChannelProgram
    from orderkit._diagnostics import Diagnostic, Problem
    from orderkit._effects.engine import MessageTemplate
    from orderkit._fields.engine import FieldProgram, LineDraft, Lookup, OrderDraft
    from orderkit._flows.program import FlowProgram
    from orderkit._pricing.program import PricingProgram
    from orderkit._project.files import Files
    from orderkit._reports.engine import ReportProgram
    from orderkit._rules.engine import RuleProgram
    from orderkit.domain.order import Line
    from orderkit.domain.price import Price


@dataclass(frozen=True, slots=True)
class Read:
    """One payload as a channel reads it: an order, or what is wrong with it.

    Args:
        order: Values by field, ready for `Kit.place` or `Project.price`; None where there are problems.
        problems: What is wrong, per field.
        skipped: Why the record is no order at all, or an empty text.
    """

    order: Mapping[str, Any] | None
    problems: tuple[Problem, ...] = ()
    skipped: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """A whole business, checked and compiled from text: immutable, equal by its hash.

    Args:
        name: What people call it.
        hash: SHA-256 of its texts; stored with every decision.
        locale: Language of what people see, such as `zh_CN`.
        fields: The order model.
        pricing: Prices and promotions.
        flows: Life cycles by name; orders go through `order`.
        rules: What happens by itself.
        channels: Where orders come from, by name.
        reports: Metrics and reports.
        cases: Analysts' tests, by name.
        templates: Message templates by name.
        vias: Default message routes per role.
        variables: Values of `project.vars`.
        diagnostics: Warnings and hints found while loading.
        unrun: What is checked and cannot be run by this version, by who would need it.
        files: The texts it was made from.
        env: Name of its overlay, or an empty text.
        rebuild: Compiles the same texts again, for processes that receive a pickled project.
    """

    name: str
    hash: str
    locale: str
    fields: FieldProgram
    pricing: PricingProgram
    flows: Mapping[str, FlowProgram]
    rules: RuleProgram
    channels: Mapping[str, ChannelProgram]
    reports: ReportProgram
    cases: Mapping[str, Case]
    templates: Mapping[str, MessageTemplate]
    vias: Mapping[str, tuple[str, ...]]
    variables: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...]
    unrun: Mapping[str, tuple[Diagnostic, ...]]
    files: Files
    env: str
    rebuild: Callable[[Files, str], Project]

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return isinstance(other, Project) and other.hash == self.hash

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(self.hash)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as texts and compile again, so that a worker process gets the same project."""
        return self.rebuild, (self.files, self.env)

    @property
    def texts(self) -> dict[str, str]:
        """Give the YAML texts by file, as they decided; a store keeps them once per hash."""
        return {
            name: data.decode("utf-8", "replace")
            for name, data in self.files.texts.items()
            if name.endswith(".yaml")
        }

    def require(self, *owners: str) -> None:
        """Refuse to run what needs keys of the language that this version only checks.

        Args:
            *owners: `orders`, `pricing`, `channel:NAME`, `report:NAME` or `case:NAME`.

        Raises:
            ConfigError: It needs such a key; the error names every one with its place.
        """
        found = refused(self.unrun, *owners)
        if found:
            raise ConfigError(found, self.texts)

    def row(self, table: str, key: str) -> Mapping[str, Any] | None:
        """Look a row up in the tables that the project itself brings.

        Args:
            table: Name of the table.
            key: Key of the row.

        Returns:
            The row, or None.
        """
        known = self.fields.tables.get(table)
        return known.rows.get(key) if known else None

    def read(self, channel: str, payload: Mapping[str, Any]) -> Read:
        """Map and clean one payload of a channel; pure, nothing is stored.

        Args:
            channel: Name of the channel.
            payload: The record as the channel sends it: nested mappings and lists, or one row.

        Returns:
            The order's values, or its problems.

        Raises:
            NotFound: There is no such channel.
            ConfigError: The channel needs what this version does not run.
        """
        from orderkit._channels.engine import read_payload

        self.require(f"channel:{channel}")
        found = read_payload(self.channel(channel), payload)
        return Read(found.order, found.problems, found.skipped)

    def channel(self, name: str) -> ChannelProgram:
        """Find a channel.

        Args:
            name: Its name.

        Returns:
            The channel.

        Raises:
            NotFound: There is none of that name.
        """
        try:
            return self.channels[name]
        except KeyError:
            message = f"there is no channel {name!r}; channels: {', '.join(self.channels) or 'none'}"
            raise NotFound(message) from None

    def price(
        self,
        order: Order | Mapping[str, Any],
        *,
        coupons: Sequence[str] = (),
        at: datetime | None = None,
        lookup: Lookup | None = None,
    ) -> Price:
        """Price an order or a cart; pure, nothing is reserved.

        Args:
            order: A mapping as for `Kit.place`, or an order.
            coupons: Codes entered, beside the order's own.
            at: The instant whose promotions count (a naive one is read in the project's zone); the order's
                own, else the present one.
            lookup: Gives rows of tables by (table, key); the project's own files where none is given.

        Returns:
            The price with its ledger.

        Raises:
            InvalidOrder: The mapping is no order.
            ConfigError: Pricing or a promotion needs what this version does not run.
        """
        from datetime import UTC, datetime

        self.require(PRICING)
        if isinstance(order, Order):
            cart = self._cart_of(order, coupons, at or order.placed_at)
            return price_cart(self.pricing, cart)
        if at is not None and at.tzinfo is None:
            at = at.replace(tzinfo=self.fields.zone)
        now = at or datetime.now(UTC)
        draft, problems = read_order(
            self.fields, order, now=now, lookup=lookup or self._own_row, amounts=True, cart=True
        )
        if draft is None:
            raise InvalidOrder(problems)
        return self.price_draft(draft, coupons=coupons, at=at)

    def price_draft(
        self,
        draft: OrderDraft,
        *,
        coupons: Sequence[str] = (),
        at: datetime | None = None,
        orders_before: int | None = None,
        left: Left = PLENTY,
        idle_days: int | None = None,
    ) -> Price:
        """Price a draft that was read already.

        Args:
            draft: From `read_order`.
            coupons: Codes entered, beside the draft's own.
            at: The instant whose promotions count; the draft's own where none is given.
            orders_before: Earlier orders of the customer, or None where nobody knows.
            left: What is left of everything that is counted.
            idle_days: Whole days since the customer's last order, or None where there is none.

        Returns:
            The price with its ledger.
        """
        cart = Cart(
            lines=tuple(_cart_line(line, {**line.product, **line.fields}) for line in draft.lines),
            currency=draft.currency,
            at=(at or draft.placed_at).astimezone(self.fields.zone),
            customer=draft.customer_record if draft.customer is not None else None,
            channel=draft.channel,
            coupons=(*draft.coupons, *coupons),
            orders_before=orders_before,
            shipping=_minor(draft),
            env=self._env(draft_view(draft), at or draft.placed_at),
            payment=draft.fields.get("payment"),
            points=draft.points or 0,
            idle_days=idle_days,
        )
        return price_cart(self.pricing, cart, left)

    def _cart_of(self, order: Order, coupons: Sequence[str], at: datetime) -> Cart:
        return Cart(
            lines=tuple(
                _cart_line(line, {**(self.row("products", line.sku) or {}), **line.fields})
                for line in order.lines
            ),
            currency=order.currency,
            at=at.astimezone(self.fields.zone),
            customer=order.customer_record if order.customer is not None else None,
            channel=order.channel,
            coupons=(*order.coupons, *coupons),
            env=self._env(order_view(order, tuple(self.flows["order"].parts)), at),
        )

    def price_kept(
        self,
        order: Order,
        kept: Mapping[str, int],
        *,
        left: Left,
        products: Callable[[str], Mapping[str, Any] | None],
        orders_before: int | None = None,
        idle_days: int | None = None,
    ) -> Price:
        """Price what is kept of an order as if nothing else had been bought, at the order's time.

        Args:
            order: The order.
            kept: Units per line id.
            left: What the order holds of everything that is counted.
            products: Gives the row of a product.
            orders_before: Earlier orders of the customer, or None where nobody knows.
            idle_days: Whole days between the customer's order before and this one, or None.

        Returns:
            The price with its ledger.
        """
        lines = tuple(
            replace(line, quantity=kept[line.id])
            for line in order.lines
            if kept.get(line.id) and not line.gift
        )
        cart = self._cart_of(replace(order, lines=lines), (), order.placed_at)
        fee = order.shipping.minor - sum(row.amount.minor for row in order.adjustments if row.line is None)
        cart = replace(
            cart,
            lines=tuple(_cart_line(line, {**(products(line.sku) or {}), **line.fields}) for line in lines),
            payment=order.fields.get("payment"),
            points=order.points or 0,
            shipping=fee,
            orders_before=orders_before,
            idle_days=idle_days,
        )
        return price_cart(self.pricing, cart, left)

    def _env(self, view: dict[str, Any], at: datetime) -> dict[str, Any]:
        return {"order": view, "customer": view["customer"], "now": at, "vars": self.variables}

    def _own_row(self, table: str, key: str) -> Mapping[str, Any] | None:
        return self.row(table, key)

    def diagram(self, flow: str = "order", *, format: str = "mermaid") -> str:  # noqa: A002 - named by api.md
        """Draw a life cycle.

        Args:
            flow: Name of the flow.
            format: `mermaid` or `dot`.

        Returns:
            The drawing's text.

        Raises:
            NotFound: There is no such flow, or no such format.
        """
        from orderkit._flows.diagram import draw

        if flow not in self.flows:
            message = f"there is no flow {flow!r}; flows: {', '.join(self.flows)}"
            raise NotFound(message)
        return draw(self.flows[flow], format)

    def schemas(self) -> dict[str, Any]:
        """Give JSON Schemas of the sections an analyst may write and of the project's order model.

        Returns:
            Schemas by name.
        """
        from orderkit._project.schemas import schemas

        return schemas(self.fields)


def _cart_line(line: Line | LineDraft, attributes: Mapping[str, Any]) -> CartLine:
    return CartLine(
        id=line.id,
        sku=line.sku,
        name=line.name or "",
        category=line.category,
        quantity=line.quantity,
        price=line.price,
        attributes=attributes,
    )


def _minor(draft: OrderDraft) -> int | None:
    if draft.shipping is None:
        return None
    from orderkit.domain.money import to_minor

    return to_minor(draft.shipping, draft.currency)
