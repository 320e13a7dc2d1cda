"""Verbs that are no steps: they may use the network or lay out a project."""
