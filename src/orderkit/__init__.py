"""Orders from every channel, priced, moved and reported by reviewed YAML."""
