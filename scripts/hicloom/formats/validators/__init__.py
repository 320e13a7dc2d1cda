"""Validators: each reads a whole file of one format and notes everything that is wrong in it."""
