"""Simulate a genome, Hi-C reads or pairs."""
