"""Depth of every base: from alignments, pairs and depth files to the tracks of a D4."""
