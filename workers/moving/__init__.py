"""A whole site: written to an archive, read from one, and removed.

What belongs to a site is said by the apps themselves: settings.MOVING names a module of each.
"""
