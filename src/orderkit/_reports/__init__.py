"""Metrics and reports: one definition each, planned as plain data, run by two executors that agree."""
