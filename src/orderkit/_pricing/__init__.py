"""Prices and promotions: what an order costs, to the last minor unit, and why."""
