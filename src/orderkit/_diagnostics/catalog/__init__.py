"""The messages by area; one module holds the rows of one hundred."""
