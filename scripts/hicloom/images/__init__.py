"""Docker images: what they hold, building them, and saying exactly what came out."""
