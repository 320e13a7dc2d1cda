"""From pairs to contact maps: the command lines of hicloom and of its peers.

The peers' are those that the 4D Nucleome's pipeline and distiller run. Words to be filled in:
{t} threads, {memory} the limit of hicloom's own commands, {pairs} the input, {python}, {java},
{jar} juicer_tools, and {here} this folder; all other files are in the work folder.
"""

from dataclasses import dataclass

from measure import Step

RESOLUTIONS = (
    *(1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000),
    *(1_000_000, 2_500_000, 5_000_000, 10_000_000),
)
BALANCED = (1_000, 10_000, 100_000)
SIZES = "hg38.chrom.sizes"
_COMMAS = ",".join(map(str, RESOLUTIONS))
_BLANKS = " ".join(map(str, RESOLUTIONS))

OURS = (
    Step(
        "hicloom",
        "cload",
        f"hicloom cload {{pairs}} --chromsizes {SIZES} --threads {{t}} --memory {{memory}}"
        " --tmpdir . --output ours.cool",
        "ours.cool",
    ),
    Step(
        "hicloom",
        "zoomify",
        f"hicloom zoomify ours.cool --resolutions {_BLANKS} --threads {{t}} --memory {{memory}}"
        " --tmpdir . --output ours.mcool",
        "ours.mcool",
    ),
    Step(
        "hicloom",
        "hic, from the .mcool",
        "hicloom hic ours.mcool --norms VC VC_SQRT KR SCALE --threads {t} --memory {memory}"
        " --tmpdir . --output ours.hic",
        "ours.hic",
    ),
    Step(
        "hicloom",
        "add-hic-norms",
        "hicloom add-hic-norms ours.hic ours.mcool --threads {t} --output ours.normed.mcool",
        "ours.normed.mcool",
    ),
)
OUR_HIC = Step(
    "hicloom",
    "hic, from pairs",
    f"hicloom hic {{pairs}} --chromsizes {SIZES} --resolutions {_BLANKS}"
    " --norms VC VC_SQRT KR SCALE --threads {t} --memory {memory} --tmpdir . --output alone.hic",
    "alone.hic",
)
OUR_COUNTS = Step(
    "hicloom",
    "hic, from the .mcool, no norms",
    "hicloom hic ours.mcool --no-norms --threads {t} --memory {memory} --tmpdir ."
    " --output counts.hic",
    "counts.hic",
)
PAIRIX = Step(
    "4DN",
    "cload pairix",
    f"cooler cload pairix -p {{t}} -s 2 {SIZES}:1000 {{pairs}} 4dn.cool",
    "4dn.cool",
)
ZOOMIFY_4DN = Step(
    "4DN",
    "zoomify --balance",
    "cooler zoomify --balance --balance-args '--convergence-policy store_nan' -n {t}"
    f" -o 4dn.mcool -c 10000000 -r {_COMMAS} 4dn.cool",
    "4dn.mcool",
)
JUICER = (
    Step(
        "4DN",
        "juicer_tools pre",
        f"{{java}} -Xmx14g -Xms14g -jar {{jar}} pre -n {{pairs}} 4dn.hic {SIZES} -r {_COMMAS} -q 0",
        "4dn.hic",
    ),
    Step(
        "4DN",
        "juicer_tools addNorm",
        "{java} -Xmx14g -Xms14g -jar {jar} addNorm -w 1000 -d -F 4dn.hic",
        "4dn.hic",
    ),
)
EXTRACT = Step(
    "4DN",
    "hic2cool extract-norms",
    "cp 4dn.mcool 4dn.normed.mcool && hic2cool extract-norms -e 4dn.hic 4dn.normed.mcool",
    "4dn.normed.mcool",
)
DISTILLER = (
    Step(
        "distiller",
        "cload pairs",
        "bgzip -dc {pairs} | cooler cload pairs -c1 2 -p1 3 -c2 4 -p2 5 --assembly hg38"
        f" {SIZES}:1000 - distiller.cool",
        "distiller.cool",
    ),
    Step(
        "distiller",
        "zoomify --balance",
        f"cooler zoomify --nproc {{t}} --out distiller.mcool --resolutions {_COMMAS} --balance"
        " distiller.cool",
        "distiller.mcool",
    ),
)
HICTK = (
    Step(
        "hictk",
        "pairs to .cool",
        f"{{python}} {{here}}/hictk.py cool {{pairs}} {SIZES} hictk.cool",
        "hictk.cool",
    ),
    Step(
        "hictk",
        ".cool to .hic, no norms",
        f"{{python}} {{here}}/hictk.py hic ours.cool hictk.hic {_COMMAS} --threads {{t}}",
        "hictk.hic",
    ),
)
OUR_BALANCE = tuple(
    Step(
        "hicloom",
        f"balance, {size // 1000} kb",
        f"hicloom balance raw.{size}.cool --threads {{t}} --memory {{memory}} --tmpdir ."
        f" --output balanced.{size}.cool",
        f"balanced.{size}.cool",
    )
    for size in BALANCED
)
COOLER_BALANCE = tuple(
    Step(
        "cooler",
        f"balance, {size // 1000} kb",
        f"cooler balance -p {{t}} theirs.{size}.cool",
        f"theirs.{size}.cool",
    )
    for size in BALANCED
)

# Run in this order, so that what is compared runs in turns.
STEPS = (
    *(OURS[0], DISTILLER[0], PAIRIX, HICTK[0]),
    *(OURS[1], DISTILLER[1], ZOOMIFY_4DN),
    *(OURS[2], JUICER[0], OUR_HIC, JUICER[1]),
    *(OUR_COUNTS, HICTK[1], OURS[3], EXTRACT),
    *(step for both in zip(OUR_BALANCE, COOLER_BALANCE, strict=True) for step in both),
)
CHAINS = tuple(dict.fromkeys(step.chain for step in STEPS))
# A file to go on with where the step that makes it was stopped: it holds the same pixels.
INSTEAD = {PAIRIX: "distiller.cool"}
# What a step needs, by name, beside the files that any run has.
NEEDS = {
    OURS[1]: ("ours.cool",),
    OURS[2]: ("ours.mcool",),
    OURS[3]: ("ours.hic", "ours.mcool"),
    OUR_COUNTS: ("ours.mcool",),
    DISTILLER[1]: ("distiller.cool",),
    ZOOMIFY_4DN: ("4dn.cool",),
    JUICER[1]: ("4dn.hic",),
    HICTK[1]: ("ours.cool",),
    EXTRACT: ("4dn.hic", "4dn.mcool"),
}
NEEDS |= dict.fromkeys(OUR_BALANCE, ("ours.cool", "ours.mcool"))
NEEDS |= {step: (f"raw.{size}.cool",) for step, size in zip(COOLER_BALANCE, BALANCED, strict=True)}
# What is done before a step, untimed: cooler writes weights into the file itself.
BEFORE = {OUR_BALANCE[0]: "cp ours.cool raw.1000.cool"}
BEFORE |= {
    step: f"cooler coarsen -k 2 -o raw.{size}.cool ours.mcool::/resolutions/{size // 2}"
    for step, size in zip(OUR_BALANCE[1:], BALANCED[1:], strict=True)
}
BEFORE |= {
    step: f"cp raw.{size}.cool theirs.{size}.cool"
    for step, size in zip(COOLER_BALANCE, BALANCED, strict=True)
}


@dataclass(frozen=True)
class Comparison:
    """Work that two chains do, and how many times faster ours is to be (0: not said)."""

    work: str
    ours: tuple[Step, ...]
    peer: str
    theirs: tuple[Step, ...]
    required: float = 0


_AFTER_CLOAD = (ZOOMIFY_4DN, *JUICER, EXTRACT)
COMPARISONS = (
    Comparison("pairs → .mcool + .hic with norms", OURS, "4DN", (PAIRIX, *_AFTER_CLOAD), 15),
    Comparison(
        "pairs → .mcool + .hic with norms",
        OURS,
        "4DN, cload pairs for cload pairix",
        (DISTILLER[0], *_AFTER_CLOAD),
        10,
    ),
    Comparison("pairs → .mcool", OURS[:2], "distiller", DISTILLER, 5),
    *(
        Comparison(f"balancing alone, {size // 1000} kb", (ours,), "cooler balance", (peer,), times)
        for size, ours, peer, times in zip(
            BALANCED, OUR_BALANCE, COOLER_BALANCE, (4, 10, 10), strict=True
        )
    ),
    Comparison(
        "pairs → .hic with norms alone", (OUR_HIC,), "juicer_tools pre, addNorm", JUICER, 15
    ),
    Comparison("pairs → 1-kb .cool", OURS[:1], "hictkpy with pandas", HICTK[:1]),
    Comparison("pixels → .hic without norms", (OUR_COUNTS,), "hictkpy", HICTK[1:]),
)
