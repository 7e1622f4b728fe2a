"""Admin pages of master data."""

from workers.admin import accounts, cameras, floor, keys, sites

__all__ = ["accounts", "cameras", "floor", "keys", "sites"]
