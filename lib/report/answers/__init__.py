"""The questions of the report, answered by rules: verdicts, the numbers behind them, and what to make of the run."""

from lib.report.answers.page import pieces, rules
from lib.report.answers.record import FILE, SCHEMA, Record, record, schema

__all__ = ["FILE", "SCHEMA", "Record", "pieces", "record", "rules", "schema"]
