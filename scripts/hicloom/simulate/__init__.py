"""Simulated genomes, Hi-C reads and pairs whose truth is known."""
