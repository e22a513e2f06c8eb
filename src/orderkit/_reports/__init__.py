"""Metrics and reports: definitions with one meaning, planned as plain data, run by two executors that agree."""
