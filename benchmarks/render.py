"""Tables, plot and text of the matrix benchmark's results."""

from pathlib import Path

from chains import COMPARISONS, DISTILLER, JUICER, OUR_HIC, OURS, STEPS, Comparison
from measure import Step
from records import Records, Total, exponent
from tables import table

from hicloom.options import parse_size

HERE = Path(__file__).resolve().parent
PLOT = HERE.parent / "docs" / "images" / "matrix.svg"
PAGE = HERE.parent / "docs" / "performance.md"
# The number of pairs at which speed is required, and bytes of memory that are allowed.
AT = 20_000_000
MEMORY = {20_000_000: 3e9, 100_000_000: 6e9}
GROWTH = 1.05
# What is plotted.
LINES = {
    "hicloom, .mcool + .hic": OURS,
    "hicloom, .mcool": OURS[:2],
    "hicloom, .hic": (OUR_HIC,),
    "4DN, .mcool + .hic": COMPARISONS[0].theirs,
    "4DN with cload pairs": COMPARISONS[1].theirs,
    "distiller, .mcool": DISTILLER,
    "juicer_tools, .hic": JUICER,
}


def write(records: Records) -> None:
    """Write results/matrix.md, the plot, and what docs/performance.md says of them."""
    if not records.runs:
        raise SystemExit(f"{records.path}: no results yet")
    steps = f"# Pairs to contact maps\n\n{_sessions(records)}\n\n{steps_table(records)}\n"
    records.path.with_suffix(".md").write_text(f"{steps}\n{checks_table(records)}\n")
    plot(records, PLOT)
    tables = f"{ratios_table(records)}\n\n{chains_table(records)}"
    fill(PAGE, "matrix", f"{tables}\n\n{_sessions(records)}")


def fill(page: Path, name: str, text: str) -> None:
    """Put text between the markers of that name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    content = page.read_text()
    if content.count(begin) != 1 or content.count(end) != 1:
        raise SystemExit(f"{page}: expected one line {begin} and one {end}")
    before, rest = content.split(begin)
    page.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}")


def ratios_table(records: Records) -> str:
    """What is required and what was measured, at the largest number of pairs that has it."""
    rows = [_ratio(records, one) for one in COMPARISONS]
    rows += [_peak(records, pairs, limit) for pairs, limit in MEMORY.items()]
    rows.append(_growth(records))
    columns = ("work", "against", "pairs", "hicloom", "peer", "required", "measured", "verdict")
    return table(columns, rows)


def chains_table(records: Records) -> str:
    """Seconds and peak memory of whole chains at every number of pairs."""
    sizes = records.sizes()
    rows = [
        (name, *(_chain_cell(records.total(pairs, steps)) for pairs in sizes))
        for name, steps in LINES.items()
    ]
    return table(("chain", *(f"{pairs:,}" for pairs in sizes)), rows)


def steps_table(records: Records) -> str:
    """Every step at every number of pairs."""
    rows = [_step_row(records, pairs, step) for pairs in records.sizes() for step in STEPS]
    columns = ("pairs", "chain", "step", "wall s", "cpu s", "peak MB", "read MB", "written MB")
    return table((*columns, "output MB"), [row for row in rows if row])


def checks_table(records: Records) -> str:
    """What was compared in the outputs."""
    rows = [
        (f"{one['pairs']:,}", one["what"], "equal" if one["equal"] else one["detail"])
        for one in records.checks
    ]
    return table(("pairs", "compared", "found"), rows)


def plot(records: Records, path: Path) -> None:
    """Seconds and peak memory over the number of pairs; a triangle is a lower bound."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # The same results give the same file.
    mpl.rcParams["svg.hashsalt"] = "hicloom"
    figure = Figure(figsize=(9, 4), layout="constrained")
    panels = figure.subplots(1, 2)
    for name, steps in LINES.items():
        found = {pairs: records.total(pairs, steps) for pairs in records.sizes()}
        known = {pairs: total for pairs, total in found.items() if total}
        seconds = [total.cost.wall for total in known.values()]
        (line,) = panels[0].plot(list(known), seconds, "o-", label=name)
        memory = [total.cost.memory / 1e9 for total in known.values()]
        panels[1].plot(list(known), memory, "o-", color=line.get_color())
        bounds = {p: total.cost.wall for p, total in known.items() if total.cost.stopped}
        panels[0].plot(list(bounds), list(bounds.values()), "^", ms=11, color=line.get_color())
    for panel, unit in zip(panels, ("seconds", "peak memory, GB"), strict=True):
        panel.set(xscale="log", yscale="log", xlabel="pairs", ylabel=unit)
        panel.grid(which="both", alpha=0.2)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    figure.savefig(path, metadata={"Date": None})


def _ratio(records: Records, one: Comparison) -> tuple[str, ...]:
    required = f"≥ {one.required:g}x" if one.required else "-"
    for pairs in reversed(records.sizes()):
        ours, theirs = records.total(pairs, one.ours), records.total(pairs, one.theirs)
        if ours and theirs:
            times = theirs.cost.wall / ours.cost.wall
            return (
                *(one.work, one.peer, f"{pairs:,}", _seconds(ours), _seconds(theirs)),
                *(required, f"{theirs.bound}{times:.1f}x"),
                _verdict(times >= one.required, pairs == AT, ours, theirs) if one.required else "-",
            )
    return one.work, one.peer, "-", "-", "-", required, "-", "not run"


def _verdict(met: bool, as_required: bool, ours: Total, theirs: Total) -> str:
    words = ["met" if met else "at least this" if theirs.cost.stopped else "falls short"]
    if not as_required:
        words[0] += f" here, required at {AT:,}"
    if len(ours.sessions | theirs.sessions) > 1:
        words.append("not of one session")
    return ", ".join(words)


def _peak(records: Records, pairs: int, limit: float) -> tuple[str, ...]:
    """The most that any of our steps took, which is also to keep to --memory."""
    totals = [records.total(pairs, steps) for steps in (OURS, [OUR_HIC])]
    known = [total for total in totals if total]
    required = f"≤ {limit / 1e9:g} GB and --memory"
    if not known:
        return "peak memory", "", f"{pairs:,}", "-", "", required, "-", "not run"
    peak = max(total.cost.memory for total in known)
    allowed = min(_allowed(records, number) for total in known for number in total.sessions)
    verdict = "met" if peak <= min(limit, allowed) else "falls short"
    measured = f"{peak / 1e9:.2f} GB of {allowed / 1e9:.2f} GB"
    return "peak memory", "", f"{pairs:,}", "", "", required, measured, verdict


def _allowed(records: Records, session: int) -> int:
    """Bytes that --memory named."""
    return parse_size(records.sessions[session]["memory"])


def _growth(records: Records) -> tuple[str, ...]:
    """Seconds of our chain as a power of the number of pairs."""
    found = {pairs: records.total(pairs, OURS) for pairs in records.sizes()}
    seconds = {pairs: total.cost.wall for pairs, total in found.items() if total}
    required = f"exponent ≤ {GROWTH}"
    if len(seconds) < 2:
        return "growth of time", "", "-", "", "", required, "-", "not run"
    slope = exponent(seconds, seconds.values())
    span = f"{min(seconds):,} to {max(seconds):,}"
    verdict = "met" if slope <= GROWTH else "falls short"
    return "growth of time", "", span, "", "", required, f"{slope:.2f}", verdict


def _chain_cell(total: Total | None) -> str:
    return f"{_seconds(total)} s, {total.cost.memory / 1e9:.1f} GB" if total else "-"


def _step_row(records: Records, pairs: int, step: Step) -> tuple[str, ...]:
    total = records.total(pairs, [step])
    names = (f"{pairs:,}", step.chain, step.name)
    if not total:
        failure = records.failure(pairs, step)
        return (*names, failure, "", "", "", "", "") if failure else ()
    cost = total.cost
    return (
        *(*names, _seconds(total), f"{cost.cpu:.1f}", f"{cost.memory / 1e6:.0f}"),
        *(f"{cost.read / 1e6:.0f}", f"{cost.written / 1e6:.0f}"),
        f"{records.output(pairs, step) / 1e6:.1f}",
    )


def _seconds(total: Total) -> str:
    return f"{total.bound}{total.cost.wall:.1f}"


def _sessions(records: Records) -> str:
    """What ran when, on what."""
    return "\n".join(_session(records, number) for number in range(len(records.sessions)))


def _session(records: Records, number: int) -> str:
    one = records.sessions[number]
    sizes = sorted({run["pairs"] for run in records.runs if run["session"] == number})
    programs = ", ".join(f"{name} {version}" for name, version in one["versions"].items())
    return (
        f"- {one['date']}, {', '.join(f'{size:,}' for size in sizes)} pairs: {one['machine']};"
        f" {one['threads']} threads, hicloom with `--memory {one['memory']}`, median of"
        f" {one['repeat']}, peers' commands stopped after {one['limit']:g} s; {programs}."
    )
