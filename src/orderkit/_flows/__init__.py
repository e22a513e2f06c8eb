"""Life cycles: which actions exist, who may fire them from where, and what being in a state means."""
