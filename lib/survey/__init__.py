"""The survey: the page that collects votes, the votes joined, and what they say."""
