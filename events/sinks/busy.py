"""What every sink says when it can take no more for now."""


class BusyError(Exception):
    """Nothing is promised for what was given, try again; the text says why."""
