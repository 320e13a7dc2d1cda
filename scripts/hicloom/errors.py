"""The two ways a command fails, and the exit code of each."""


class HicloomError(Exception):
    """Base of the failures that a user sees as one line on stderr."""

    exit_code = 1


class WorkError(HicloomError):
    """The work failed: a native tool died, the disk is full. Exit code 1."""


class InputError(HicloomError):
    """The input or the usage is wrong. Exit code 2.

    The message says which file, which line or record, what was expected and what to do.
    """

    exit_code = 2
