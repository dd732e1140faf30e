"""01: does the test set leak into training?"""
