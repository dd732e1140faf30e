"""A function mapped over the partitions of a table: on this machine by default, on a cluster by one parameter.

`lib.engine.mapping.map_partitions` is what the rooms above call. Nothing is imported here, since the parameters are
read by commands that need no tables.
"""
