"""TEMOS, the reference generator: networks, training, regimes."""
