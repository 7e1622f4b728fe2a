"""Benchmarks: what design/BUDGETS.md asks for, each a ratio of two things measured in one run."""
