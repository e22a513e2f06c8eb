"""Implementations of the ports: stores, senders and the worker; each is imported where it is asked for."""
