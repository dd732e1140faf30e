"""The survey: what it asks, the page that collects votes, and the votes joined."""
