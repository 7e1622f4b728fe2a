"""The API of drift and review."""
