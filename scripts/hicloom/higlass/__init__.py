"""Maps and depth in HiGlass: docs/view.md."""
