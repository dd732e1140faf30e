"""Evidence about text-to-motion datasets: corpora, motion, text, audits, metrics and the report made of them."""

import sys
from importlib.abc import MetaPathFinder

__version__ = "0.2.0"

MOVED = {
    "lib.results": "lib.run.results",
    "lib.params": "lib.run.params (a section's block: lib.sections.<section>.parameters)",
    "lib.pipeline": "lib.run.pipeline",
    "lib.runner": "lib.run.runner",
    "lib.freshness": "lib.run.freshness",
    "lib.errors": "lib.base.errors",
    "lib.paths": "lib.base.paths",
    "lib.hashes": "lib.base.hashes",
    "lib.embedded": "lib.demo.embedded",
    "lib.exploring": "lib.run.exploring",
    "lib.redaction": "lib.run.redaction",
    "lib.audit": "lib.sections, one room a notebook",
    "lib.report": "lib.sections, lib.draw and lib.site",
    "lib.corpus.demo": "lib.demo.corpora",
    "lib.motion.synthesis": "lib.demo.synthesis",
}
"""Modules of version 0.1.0 that notebooks and programs of others may import, and where they are now."""


class _Moved(MetaPathFinder):
    """Says in one line where a module of version 0.1.0 is now."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Raises for a module that moved; every other one is for the usual finders."""
        if name in MOVED:
            what = f"{name} of version 0.1.0 is {MOVED[name]} since 0.2.0; see CHANGELOG.md"
            raise ModuleNotFoundError(what, name=name)


sys.meta_path.insert(0, _Moved())
