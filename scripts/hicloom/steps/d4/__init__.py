"""Make, merge, read and draw depth of every base (D4 files)."""
