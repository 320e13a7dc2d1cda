"""CWL files of the steps, written from their signatures: `python -m hicloom.cwl DIR`."""
