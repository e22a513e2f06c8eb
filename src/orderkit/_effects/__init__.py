"""What `do`, `enter`, `leave` and rules may ask for, and how each request changes the order or leaves it."""
