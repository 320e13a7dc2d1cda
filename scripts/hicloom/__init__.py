"""hicloom weaves sequencing reads into contact maps."""

from importlib.metadata import version

__version__ = version("hicloom")
