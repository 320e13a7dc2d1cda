"""Contact maps between pairs and files: bins, resolutions, balancing, juicer_tools, pictures."""
