"""Where things live, relative to the project's root."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
CACHE = ROOT / ".cache"
NOTEBOOKS = ROOT / "notebooks"
RESULTS = ROOT / "results"
SITE = ROOT / "site"
