"""The command `tibanna check`."""

from pathlib import Path


def check(file: Path, /, *, cwl: Path | None = None, objects: bool = False) -> None:
    """Check an execution JSON: would tibanna's worker run it, and upload what it makes?

    For example:

        hicloom tibanna check run.json
        hicloom tibanna check run.json --cwl release/cwl --objects

    A sound file gives one line, `FILE: OK`. Else there is a line for each problem, and the
    command ends with exit code 2. What is refused: an argument that the workflow does not
    have, one that is missing or of another type; an output that the worker cannot upload (a
    list, nothing at all); a secondary file that does not lie beside its file; names that
    break the worker's scripts; credentials.

    Parameters
    ----------
    file : Path
        The JSON, made by `hicloom tibanna make` or by hand.
    cwl : Path, optional
        Folder of the CWL files that `cwl_directory_url` serves (default:
        `cwl_directory_local`, else the files of this hicloom).
    objects : bool
        Ask S3, too, whether the input files are there.

    Raises
    ------
    InputError
        If it is not sound.
    WorkError
        If S3 cannot be reached.
    """
    from hicloom.commands.tibanna._shared import report, urls_of
    from hicloom.remote.objects import new_client, unreadable
    from hicloom.tibanna.check import check_execution, read_execution

    execution = read_execution(file)
    verdict = check_execution(execution, cwl)
    if objects and not verdict.problems:
        verdict.problems.extend(unreadable(urls_of(execution), new_client()))
    report(file, verdict)
    count = len(list(urls_of(execution)))
    print(f"{file}: OK ({verdict.process.file}, {count} {'file' if count == 1 else 'files'})")
