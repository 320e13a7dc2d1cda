"""Files that lie elsewhere: downloads, and the runs of the European Nucleotide Archive."""
