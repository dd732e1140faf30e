"""``python -m lib clean-cache``: what the caches hold, and the removal of what no profile uses."""

from typing import Annotated

import typer


def clean_cache(
    yes: Annotated[bool, typer.Option("--yes", help="remove what no profile uses")] = False,
) -> None:
    """Shows what the caches hold and which profile of params/ uses it; with --yes removes what none uses.

    A profile uses what the last run of its notebooks opened, and what its models were made of. Journals of captioning
    stay, since answers were paid for, and so does what was not made here.
    """
    from lib.base.disk import size
    from lib.base.locks import exclusive
    from lib.run import caches

    with exclusive("results"):
        found = caches.survey()
        for line in found.lines():
            print(line)
        if yes:
            print(f"removed {size(found.remove())}")
        elif found.unused:
            print(f"no profile of params/ uses {size(found.unused)}: make clean-cache YES=1 removes it")
        else:
            print("nothing to remove: profiles use all that could be")
