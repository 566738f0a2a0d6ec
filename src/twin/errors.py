"""The one error that a person is meant to read."""


class TwinError(Exception):
    """Something that the user can understand and act upon; the command line prints it without a traceback."""
