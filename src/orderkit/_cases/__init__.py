"""What analysts test: orders placed, actions fired, time passed, figures expected."""
