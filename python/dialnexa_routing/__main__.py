"""The command ``dialnexa-routing``, also ``python -m dialnexa_routing``."""

from __future__ import annotations

import sys

_MISSING = "the command line needs typer and rich; install them with: pip install 'dialnexa-routing[cli]'"


def main() -> None:
    """Run the command line on `sys.argv`, and exit.

    With 0 if all is good, 1 for bad rows, 2 for wrong use or an unreadable file, 130 for Ctrl-C.
    """
    if sys.argv[1:] == ["--version"]:
        # What is asked for most needs no command line.
        from dialnexa_routing._deck import __version__

        print(f"dialnexa-routing {__version__}")
        return
    try:
        from dialnexa_routing.cli.application import build
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich"):
            raise
        print(_MISSING, file=sys.stderr)
        sys.exit(2)
    build(sys.argv[1] if len(sys.argv) > 1 else None)(prog_name="dialnexa-routing")


if __name__ == "__main__":
    main()
