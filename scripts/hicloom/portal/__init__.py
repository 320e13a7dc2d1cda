"""Data portals such as 4DN's: what they hold, their tables of files, and the files."""

SERVER = "https://data.4dnucleome.org"
