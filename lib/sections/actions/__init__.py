"""02: which actions dominate each dataset?"""
