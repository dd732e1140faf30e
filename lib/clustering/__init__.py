"""Clusters of latents at any number of rows: K-means and the tree of its centroids, DBSCAN, and how good they are.

Rows that all belong together are handled a block at a time: nothing here holds an n x n matrix of clips.
"""
