"""Molecules of a Hi-C library: two ends of fragments, ligated, sheared and amplified."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.simulate.contacts import background_share, downstream, elsewhere, positions
from hicloom.simulate.digestion import Ends
from hicloom.simulate.fasta import Genome
from hicloom.simulate.structure import Structure

CONTACT, CIRCLE, LINEAR = 0, 1, 2
_MARGIN = 5
_SHIFT = 2
_N = ord("N")


@dataclass(frozen=True)
class Protocol:
    """How a library is made; fractions are of its read pairs.

    Attributes
    ----------
    molecule, molecule_sd : int
        Mean and standard deviation (bp) of a sheared molecule's length.
    shortest : int
        Length (bp) below which no molecule is; reads never run out of their molecule.
    cis : float
        Fraction of the ligations that are within a chromosome.
    unligated, circles : float
        Molecules without a junction, and fragments ligated to themselves.
    unmappable : float
        Fraction of the ends of ligated molecules that are random sequence.
    """

    molecule: int = 350
    molecule_sd: int = 60
    shortest: int = 150
    cis: float = 0.8
    unligated: float = 0.03
    circles: float = 0.01
    unmappable: float = 0.03


@dataclass(frozen=True)
class Molecules:
    """Sides 0 and 1 of n molecules; side 0 is where read 1 starts.

    Attributes
    ----------
    kind : int8 array, shape (n,)
        CONTACT, CIRCLE or LINEAR.
    chromosome : int64 array, shape (2, n)
        Codes in the genome's order.
    inner : int64 array, shape (2, n)
        The side's last base before the junction, 0-based place in the whole genome.
    sign : int64 array, shape (2, n)
        1 if the side's read runs along the genome's strand, else -1.
    length : int64 array, shape (2, n)
        Bases from the read's start to the junction.
    random : bool array, shape (2, n)
        The side is random sequence.
    salt : uint64 array, shape (n,)
        Seeds the random sequence; equal in duplicates.
    """

    kind: NDArray[np.int8]
    chromosome: NDArray[np.int64]
    inner: NDArray[np.int64]
    sign: NDArray[np.int64]
    length: NDArray[np.int64]
    random: NDArray[np.bool_]
    salt: NDArray[np.uint64]

    @property
    def start(self) -> NDArray[np.int64]:
        """Where each read starts (its 5' end), 0-based place in the whole genome; (2, n)."""
        return self.inner - self.sign * (self.length - 1)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> "Molecules":
        """The molecules of these rows."""
        return Molecules(*(getattr(self, field.name)[..., rows] for field in fields(self)))


@dataclass
class _Sides:
    """Of molecules in the making; arrays as in `Molecules`."""

    chromosome: NDArray[np.int64]
    inner: NDArray[np.int64]
    sign: NDArray[np.int64]

    def put(
        self,
        rows: NDArray[np.bool_],
        chromosome: NDArray[np.int64],
        inner1: NDArray[np.int64],
        inner2: NDArray[np.int64],
    ) -> None:
        """Make `rows` run forward up to `inner1`, and on from `inner2`."""
        self.chromosome[:, rows] = chromosome
        self.inner[:, rows] = inner1, inner2
        self.sign[:, rows] = [[1], [-1]]


@dataclass(frozen=True)
class Library:
    """What molecules are drawn from."""

    genome: Genome
    structure: Structure
    ends: Ends
    protocol: Protocol

    def draw(self, rng: np.random.Generator, number: int) -> Molecules:
        """Draw `number` different molecules.

        Raises
        ------
        InputError
            If the genome leaves hardly any room for one.
        """
        drawn: list[Molecules] = []
        missing = number
        for _ in range(100):
            molecules = self._propose(rng, missing + missing // 4 + 16)
            molecules = molecules.take(self._possible(molecules))
            drawn.append(molecules.take(slice(missing)))
            missing -= len(drawn[-1].kind)
            if not missing:
                return _joined(drawn)
        raise InputError("this genome is too short, or has too few sites, for Hi-C molecules")

    def _propose(self, rng: np.random.Generator, number: int) -> Molecules:
        lengths = rng.normal(self.protocol.molecule, self.protocol.molecule_sd, number)
        total = lengths.clip(min=self.protocol.shortest + 2 * _SHIFT).astype(np.int64)
        first = rng.integers(_MARGIN, total - _MARGIN + 1)
        length = np.stack((first, total - first))
        kind = self._kinds(rng, number)
        sides = self._ligated(rng, number)
        self._put_circles(rng, sides, kind == CIRCLE)
        self._put_linear(rng, sides, kind == LINEAR, first)
        swap = rng.random(number) < 0.5
        chromosome, inner, sign, length = (
            np.where(swap, pair[::-1], pair)
            for pair in (sides.chromosome, sides.inner, sides.sign, length)
        )
        random = (rng.random((2, number)) < self.protocol.unmappable) & (kind != LINEAR)
        salt = rng.integers(0, 2**63, number, np.uint64)
        return Molecules(kind, chromosome, inner, sign, length, random, salt)

    def _kinds(self, rng: np.random.Generator, number: int) -> NDArray[np.int8]:
        circles = self.protocol.circles if len(self.ends.left) else 0.0
        dice = rng.random(number)
        ligated = np.where(dice < self.protocol.unligated + circles, CIRCLE, CONTACT)
        return np.where(dice < self.protocol.unligated, LINEAR, ligated).astype(np.int8)

    def _ligated(self, rng: np.random.Generator, number: int) -> "_Sides":
        """Two loci in contact; each joins by the next end of a fragment, either way."""
        chromosome, place = self._loci(rng, number)
        plus = rng.random((2, number)) < 0.5
        inner = place
        if len(self.ends.left):
            right, left = self.ends.right, self.ends.left
            after = np.searchsorted(right, place, side="right").clip(max=len(right) - 1)
            before = (np.searchsorted(left, place, side="right") - 1).clip(min=0)
            inner = np.where(plus, right[after] - 1, left[before])
        return _Sides(chromosome, inner, np.where(plus, 1, -1))

    def _loci(
        self, rng: np.random.Generator, number: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Chromosomes, and places in the whole genome, of both loci of contacts; (2, n)."""
        cis = int(rng.binomial(number, self.protocol.cis))
        first, upstream = positions(self.structure, rng, self.structure.cis_weights, cis)
        here, place = positions(self.structure, rng, self.structure.trans_weights, number - cis)
        there, _ = positions(self.structure, rng, self.structure.trans_weights, number - cis)
        background = background_share(self.structure, self.protocol.cis)
        partner = downstream(self.structure, rng, first, upstream, background)
        far = elsewhere(self.structure, rng, here, place, there)
        chromosome = np.stack((np.concatenate((first, here)), np.concatenate((first, there))))
        local = np.stack((np.concatenate((upstream, place)), np.concatenate((partner, far))))
        order = rng.permutation(number)
        return chromosome[:, order], (local + self.genome.edges[chromosome])[:, order]

    def _put_circles(
        self, rng: np.random.Generator, sides: "_Sides", rows: NDArray[np.bool_]
    ) -> None:
        """Join the two ends of one fragment: the reads point away from each other."""
        if not rows.any():
            return
        left = self.ends.left[rng.integers(0, len(self.ends.left), int(rows.sum()))]
        after = np.searchsorted(self.ends.right, left + 20).clip(max=len(self.ends.right) - 1)
        chromosome = np.searchsorted(self.genome.edges, left, side="right") - 1
        sides.put(rows, chromosome, self.ends.right[after] - 1, left)

    def _put_linear(
        self,
        rng: np.random.Generator,
        sides: "_Sides",
        rows: NDArray[np.bool_],
        first: NDArray[np.int64],
    ) -> None:
        """Plain genomic molecules; half of them start at a site (dangling ends)."""
        number = int(rows.sum())
        weights = self.structure.trans_weights
        chromosome, local = positions(self.structure, rng, weights, number)
        start = local + self.genome.edges[chromosome]
        if len(self.ends.left):
            site = (np.searchsorted(self.ends.left, start, side="right") - 1).clip(min=0)
            start = np.where(rng.random(number) < 0.5, self.ends.left[site], start)
        last = start + first[rows] - 1
        sides.put(rows, chromosome, last, last + 1)

    def _possible(self, molecules: Molecules) -> NDArray[np.bool_]:
        """Whether all of a molecule (and of its shifted copies) lies on its chromosomes."""
        low = self.genome.edges[molecules.chromosome]
        high = self.genome.edges[molecules.chromosome + 1]
        start, inner = molecules.start - _SHIFT * molecules.sign, molecules.inner
        inside = (np.minimum(start, inner) >= low) & (np.maximum(start, inner) < high)
        start = np.where(inside, start, low)
        inner = np.where(inside, inner, low)
        bases = self.genome.bases
        return (inside & (bases[start] != _N) & (bases[inner] != _N)).all(axis=0)


def amplify(
    rng: np.random.Generator, molecules: Molecules, copies: int
) -> tuple[Molecules, NDArray[np.int64]]:
    """Add `copies` PCR duplicates and shuffle.

    Three in ten duplicates have ends shifted by -1 to 2 bp, as after end repair: copies of
    one molecule are at most 3 bp apart, the usual limit when duplicates are looked for.

    Returns
    -------
    molecules, twin
        twin : int64 array, the row of the molecule that a row duplicates, or -1
    """
    originals = len(molecules.kind)
    if not originals:
        return molecules, np.empty(0, np.int64)
    source = np.concatenate((np.arange(originals), rng.integers(0, originals, copies)))
    order = rng.permutation(len(source))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    twin = np.where(order < originals, -1, place[source[order]])
    copied = molecules.take(source[order])
    shift = rng.integers(-1, _SHIFT + 1, copied.length.shape)
    shift[:, (twin < 0) | (rng.random(len(twin)) > 0.3)] = 0
    return replace(copied, length=copied.length + shift), twin


def _joined(parts: list[Molecules]) -> Molecules:
    return Molecules(
        *(
            np.concatenate([getattr(part, field.name) for part in parts], axis=-1)
            for field in fields(Molecules)
        )
    )
