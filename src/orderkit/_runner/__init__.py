"""Plays analysts' cases in simulated time."""
