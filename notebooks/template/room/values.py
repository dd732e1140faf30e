"""The values that 08 records, and what each says; a page, a guard or a rule reads these and no others."""

VALUES = {"share": "the share of clips that the finding is about"}
