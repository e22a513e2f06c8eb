"""The order model: which fields an order has, how a raw value becomes one, what expressions may read."""
