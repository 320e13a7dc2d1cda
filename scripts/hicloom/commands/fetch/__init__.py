"""Fetch what pip cannot install."""
