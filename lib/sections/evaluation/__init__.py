"""06: generators on the test set of the benchmark."""
