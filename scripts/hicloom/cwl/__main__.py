"""Write the CWL file of every step into a folder."""

import sys
from pathlib import Path

from hicloom.cwl.files import texts

folder = Path(sys.argv[1])
for name, text in texts().items():
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
