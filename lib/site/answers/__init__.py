"""The questions of the report, answered by rules: verdicts, the numbers behind them, and what to make of the run."""

from lib.site.answers.findings_file import FILE, SCHEMA, Record, record, schema
from lib.site.answers.page import pieces, rules

__all__ = ["FILE", "SCHEMA", "Record", "pieces", "record", "rules", "schema"]
