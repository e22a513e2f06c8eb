"""Business days and hours, as analysts declare them."""
