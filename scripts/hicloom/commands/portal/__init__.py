"""Find and download data of the 4DN portal."""
