"""Build, publish and check the Docker images."""
