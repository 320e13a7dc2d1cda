"""Clean machines: containers of a minimal Debian, made from Debian's own packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = ("ca-certificates", "git", "make", "python3", "python3-venv")
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
HOME = "/home/lab"
BUNDLE = "/source.bundle"

# A site's way to its package index, handed on by name so that no value is written down.
SITE = (
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_PROXY"),
    *("PIP_DEFAULT_TIMEOUT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "no_proxy"),
)


def say(message: str) -> None:
    """Tell the user on stderr."""
    print(f"prove: {message}", file=sys.stderr, flush=True)


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a command and return what it printed; a failure ends the proof with its messages."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"prove: {command[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode().strip()


def git(*words: str | Path, cwd: Path) -> str:
    """Run git as an author who exists, whoever runs the proof."""
    author = ("-c", "user.name=prove", "-c", "user.email=prove@localhost")
    return run("git", *author, *words, cwd=cwd)


def overlay_worktree(tree: Path) -> None:
    """Commit to the clone `tree` what the checkout holds now, untracked files too."""
    git("rm", "-rq", ".", cwd=tree)
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=CHECKOUT)
    for name in filter(None, listed.split("\0")):
        if (CHECKOUT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, tree / name)
    git("add", "--all", cwd=tree)
    git("commit", "--quiet", "--allow-empty", "--message", "Uncommitted work", cwd=tree)


def bundle(folder: Path, worktree: bool) -> Path:
    """Pack HEAD as one file that any user can clone, whoever owns the checkout.

    Parameters
    ----------
    folder : Path
        Where the bundle goes.
    worktree : bool
        Take uncommitted work along.

    Returns
    -------
    Path
        A git bundle in `folder`.
    """
    tree, packed = folder / "tree", folder / "source.bundle"
    git("clone", "--quiet", "--no-hardlinks", CHECKOUT, tree, cwd=folder)
    git("checkout", "--quiet", "-B", "main", cwd=tree)
    if worktree:
        overlay_worktree(tree)
    git("bundle", "create", "--quiet", packed, "HEAD", "main", cwd=tree)
    packed.chmod(0o644)
    return packed


def hooks() -> Iterator[str]:
    """Give mmdebstrap's hooks: trust the authorities that the host trusts, and add a user."""
    if AUTHORITIES.exists():
        yield f"--customize-hook=copy-in {AUTHORITIES} {AUTHORITIES.parent}"
    yield '--customize-hook=chroot "$1" useradd --uid 1234 --create-home lab'


def build_image(suite: str, image: str, folder: Path) -> None:
    """Make the image of a minimal Debian in which everything runs as the user lab."""
    say(f"building {image}")
    archive = folder / f"{suite}.tar"
    packages = f"--include={','.join(PACKAGES)}"
    run("mmdebstrap", "--quiet", "--variant=minbase", packages, *hooks(), suite, archive)
    trust = f"ENV PIP_CERT={AUTHORITIES} SSL_CERT_FILE={AUTHORITIES}"
    settings = ("USER lab", f"WORKDIR {HOME}", trust)
    run("docker", "import", *(f"--change={line}" for line in settings), archive, image)
    archive.unlink()


@contextmanager
def machine_image(suite: str, folder: Path, keep: bool) -> Iterator[str]:
    """Give the name of the suite's image; one that was built here is removed, unless kept."""
    image = f"hicloom-prove:{suite}"
    if run("docker", "images", "--quiet", image):
        yield image
        return
    try:
        build_image(suite, image, folder)
        yield image
    finally:
        if not keep:
            subprocess.run(("docker", "rmi", image), capture_output=True, check=False)


@contextmanager
def machine(image: str, source: Path) -> Iterator[str]:
    """Give the name of a container of two cores that sees the bundle; remove it at the end."""
    name = f"{image.replace(':', '-')}-{os.getpid()}"
    site = [word for name in SITE if name in os.environ for word in ("--env", name)]
    options = ("--detach", "--init", "--network=host", "--cpus=2", f"--name={name}", *site)
    mount = f"--volume={source}:{BUNDLE}:ro"
    try:
        run("docker", "run", *options, mount, image, "sleep", "infinity")
        yield name
    finally:
        subprocess.run(("docker", "rm", "--force", name), capture_output=True, check=False)


def inside(container: str, script: str, cwd: str) -> subprocess.CompletedProcess[bytes]:
    """Run a shell script in the container as its user; stdout and stderr come as one."""
    command = ("docker", "exec", "--workdir", cwd, container, "sh", "-euc", script)
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
