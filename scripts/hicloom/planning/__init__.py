"""What a run will take: memory, time and disk of each step, from a model of measured runs."""
