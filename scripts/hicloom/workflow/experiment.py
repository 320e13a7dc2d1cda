"""What a workflow is asked to do: settings and samples, checked against each other."""

import os
import sys
from pathlib import Path

from hicloom.enzymes import NO_ENZYME, enzyme_sites
from hicloom.errors import HicloomError, InputError
from hicloom.expressions import parse
from hicloom.matrix import juicer
from hicloom.matrix.resolutions import STANDARD
from hicloom.workflow.config import Settings, check, leave, load_schema
from hicloom.workflow.preflight import check_columns, check_disk, check_inputs
from hicloom.workflow.samples import Samples, is_remote, read_samples


def open_experiment(settings: Settings, settings_schema: Path, samples_schema: Path) -> Samples:
    """Check the settings, fill their defaults in (in place) and read the samples.

    What is wrong ends the process: one line on stderr, exit code 2, nothing written.
    Jobs of this process find the hicloom that belongs to it, activated environment or not.
    """
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    try:
        settings.update(check(settings, load_schema(settings_schema), "config"))
        check_settings(settings)
        samples = read_samples(Path(settings["input"]["samples"]), samples_schema)
        check_reference(settings, samples)
    except HicloomError as error:
        leave(error)
    return samples


def check_before_run(settings: Settings, samples: Samples) -> None:
    """Look at the inputs: do they agree, and is there room for what is still to be made?

    What is still to be downloaded or made is passed over. What is wrong ends the process as
    in `open_experiment`.
    """
    given = settings["input"]
    made = Path("results/reference") / given["assembly"]
    chromsizes = Path(given["chromsizes"] or f"{made}.chrom.sizes")
    maps_by_bwa = samples.of_kind("fastq") and settings["map"]["aligner"] != "minimap2"
    index = Path(given["index"] or made) if maps_by_bwa else None
    try:
        needs = check_inputs(
            samples,
            chromsizes if chromsizes.exists() else None,
            index if index and index.exists() else None,
        )
        check_columns(samples, _filter_columns(settings))
        done = [name for name in samples.libraries if _pairs(name, given["assembly"]).exists()]
        check_disk([need for need in needs if need.lane.library not in done], Path())
    except HicloomError as error:
        leave(error)


def _filter_columns(settings: Settings) -> list[str]:
    """Columns that the expressions of the named filters use."""
    expressions = [text for text in settings["filter"]["maps"].values() if text.strip()]
    return sorted({column for text in expressions for column in parse(text).columns})


def _pairs(library: str, assembly: str) -> Path:
    return Path(f"results/libraries/{library}.{assembly}.pairs.gz")


def check_settings(settings: Settings) -> None:
    """Check what a schema cannot: expressions, resolutions, the enzyme, and juicer_tools.

    Raises
    ------
    InputError
        If an expression does not parse, a resolution is not a multiple of the smallest or is
        asked for downstream and not made, the enzyme is unknown, same-fragment pairs are to be
        dropped without one, .hic files are to be made by juicer_tools and it is missing, or the
        record of the run by rocrate.
    """
    for name, expression in settings["filter"]["maps"].items():
        if expression.strip():
            _parse(name, expression)
    resolutions = settings["bin"]["resolutions"]
    for resolution in resolutions:
        if resolution % min(resolutions):
            raise InputError(
                f"config: bin.resolutions: {resolution} is not a multiple of {min(resolutions)}, "
                "the smallest"
            )
    for name, size in settings["qc"]["downstream"].items():
        if size not in (resolutions or STANDARD):
            raise InputError(f"config: qc.downstream.{name}: {size} is not among bin.resolutions")
    _check_enzyme(settings["input"]["enzyme"], settings["filter"]["drop_same_fragment"])
    if settings["hic"]["activate"] and settings["hic"]["engine"] == "juicer":
        _check_juicer()


def _check_juicer() -> None:
    try:
        juicer.jar()
        juicer.java()
    except InputError as error:
        raise InputError(f"config: hic.engine: {error} (or set it to hicloom)") from None


def check_reference(settings: Settings, samples: Samples) -> None:
    """Check that the genome's files are there, and are enough for these samples.

    Raises
    ------
    InputError
        If a file is missing, or chromsizes or index cannot be had from what is given.
    """
    given = settings["input"]
    for key in ("fasta", "index", "chromsizes"):
        if given[key] and not (is_remote(given[key]) or Path(given[key]).exists()):
            raise InputError(f"config: input.{key}: {given[key]} is not there")
    if (arms := settings["qc"]["arms"]) and not Path(arms).exists():
        raise InputError(f"config: qc.arms: {arms} is not there")
    if not given["fasta"] and not given["chromsizes"]:
        raise InputError("config: give input.chromsizes, or input.fasta to make it from")
    if given["index"] and not given["chromsizes"]:
        raise InputError("config: input.index needs input.chromsizes beside it")
    if settings["map"]["aligner"] == "bwa-mem2" and not given["index"]:
        raise InputError("config: map.aligner bwa-mem2 needs input.index, made by bwa-mem2 index")
    if samples.of_kind("fastq") and not (given["fasta"] or given["index"]):
        raise InputError("config: FASTQs need input.fasta or input.index")
    if settings["filter"]["drop_same_fragment"] and not given["fasta"]:
        raise InputError("config: filter.drop_same_fragment needs input.fasta, to find the sites")


def _check_enzyme(enzyme: str, needed: bool) -> None:
    if enzyme in NO_ENZYME:
        if needed:
            raise InputError("config: filter.drop_same_fragment needs the enzyme in input.enzyme")
        return
    try:
        enzyme_sites(enzyme)
    except InputError as error:
        message = str(error).removeprefix("--enzyme ")
        raise InputError(f"config: input.enzyme: {message}") from None


def _parse(name: str, expression: str) -> None:
    try:
        parse(expression)
    except InputError as error:
        raise InputError(f"config: filter.maps.{name}: {error}") from None
