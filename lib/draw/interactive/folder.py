"""Where a results folder keeps what interactive pieces show."""

FOLDER = "interactive"
