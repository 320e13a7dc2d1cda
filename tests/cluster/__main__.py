"""`python -m tests.cluster`: a cluster to try things on; `clean` removes what is left."""

import contextlib
import sys
import tempfile
from pathlib import Path

from hicloom.images.daemon import connect
from tests.cluster.machines import clean, cluster

HELP = """A Slurm cluster of containers runs.
  shared folder  {shared} (/shared on its machines)
  a shell        docker exec -it --user lab --workdir /shared {controller} bash
  its registry   {registry} from here, registry:5000 from inside
Enter or Ctrl-C ends it."""


def main(words: list[str]) -> None:
    """Start a cluster and end it again, or remove all that clusters left."""
    client = connect()
    if words == ["clean"]:
        clean(client)
        return
    with (
        tempfile.TemporaryDirectory(prefix="hicloom-cluster-") as folder,
        cluster(client, Path(folder) / "cluster") as made,
        contextlib.suppress(KeyboardInterrupt),
    ):
        names = {"shared": made.shared, "registry": made.registry}
        print(HELP.format(controller=made.machines["controller"].name, **names))
        sys.stdin.readline()


if __name__ == "__main__":
    main(sys.argv[1:])
