"""One run of the report: parameters, pipeline, the handle of a notebook, freshness, redaction."""
