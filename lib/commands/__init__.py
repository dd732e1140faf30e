"""The command line ``python -m lib …``: the one room that knows every other, and joins their work to commands."""

from lib.commands.command_line import app

__all__ = ["app"]
