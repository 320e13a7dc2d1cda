import json
from importlib import import_module
from pathlib import Path
from typing import Literal

from hicloom.errors import InputError
from hicloom.findings import Findings

Kind = Literal["fastq", "fasta", "bam", "pairs", "px2", "cool", "hic", "d4"]

_KINDS: dict[str, Kind] = {
    ".fastq": "fastq", ".fq": "fastq", ".fasta": "fasta", ".fa": "fasta", ".fna": "fasta",
    ".bam": "bam", ".pairs": "pairs", ".px2": "px2", ".cool": "cool", ".mcool": "cool",
    ".hic": "hic", ".d4": "d4",
}  # fmt: skip

_MAGICS: dict[bytes, Kind] = {
    b"BAM\1": "bam", b"PX2.": "px2", b"#": "pairs", b"@": "fastq", b">": "fasta",
}  # fmt: skip


def validate(
    file: Path,
    /,
    *files: Path,
    kind: Kind | None = None,
    against: Path | None = None,
    json: bool = False,
    tmpdir: Path | None = None,
) -> None:
    """Check files: FASTQ, FASTA, BAM, pairs, px2, cool, mcool, hic, D4, from start to end.

    A right file gives one line, `FILE: OK`. A wrong one gives a line for every kind of
    violation, with the first place and a count, and the command ends with exit code 2.

    Parameters
    ----------
    file : Path
        What it holds is told by the name's ending (`.fastq.gz`, `.bam`, `.pairs.gz`,
        `.px2`, `.mcool` ...), else by its first bytes.
    files : Path
        More files.
    kind : str, optional
        What all of them hold (default: told by each name or its first bytes).
    against : Path, optional
        The pairs file that a `.px2` belongs to (default: the same name without `.px2`). It
        is compared by content; times mean nothing.
    json : bool
        Print one JSON object a file instead.
    tmpdir : Path, optional
        Folder for temporary files (default: the system's). Pairs that state no order, or
        break it, need 16 bytes a row.

    Raises
    ------
    InputError
        If a file is missing, of no known kind, or not valid.
    """
    kinds = {path: _kind_of(path, kind) for path in (file, *files)}
    if against and "px2" not in kinds.values():
        raise InputError("validate: --against is for .px2 files, and none is given")
    wrong = 0
    report = _print_json if json else _print_lines
    for path, found in kinds.items():
        findings = Findings()
        _check(found, path, findings, against, tmpdir)
        report(path, found, findings)
        wrong += bool(findings)
    if wrong:
        raise InputError(f"validate: {wrong} of {len(kinds)} files are not valid")


def _kind_of(path: Path, stated: Kind | None = None) -> Kind:
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    if stated:
        return stated
    suffixes = [suffix.lower() for suffix in path.suffixes]
    last = suffixes[-2:-1] if suffixes[-1:] == [".gz"] else suffixes[-1:]
    kind = _KINDS.get(last[0]) if last else None
    return kind or _sniff(path)


def _sniff(path: Path) -> Kind:
    from hicloom.formats.text import open_text

    with path.open("rb") as raw:
        head = raw.read(8)
    if head.startswith(b"\x89HDF"):
        return "cool"
    if head.startswith(b"HIC\0"):
        return "hic"
    if head.startswith(b"d4\xdd\xdd"):
        return "d4"
    with open_text(path) as pieces:
        text = next(pieces, b"")
    for magic, kind in _MAGICS.items():
        if text.startswith(magic):
            return kind
    raise InputError(
        f"{path}: unknown kind; expected FASTQ, FASTA, BAM, pairs, px2, cool, mcool, hic or D4"
    )


def _check(
    kind: Kind, path: Path, findings: Findings, against: Path | None, tmpdir: Path | None
) -> None:
    """Check one file; only what its format needs is imported."""
    options: dict[str, dict[str, Path | None]] = {
        "pairs": {"tmpdir": tmpdir},
        "px2": {"pairs": against or path.with_suffix("")},
    }
    module = import_module(f"hicloom.formats.validators.{kind}")
    getattr(module, f"validate_{kind}")(path, findings, **options.get(kind, {}))


def _print_lines(path: Path, kind: str, findings: Findings) -> None:
    for violation in findings.violations:
        print(f"{path}: {violation}")
    if not findings:
        print(f"{path}: OK ({kind})")


def _print_json(path: Path, kind: str, findings: Findings) -> None:
    violations = [vars(violation) for violation in findings.violations]
    row = {"file": str(path), "kind": kind, "ok": not findings, "violations": violations}
    print(json.dumps(row, ensure_ascii=False))
