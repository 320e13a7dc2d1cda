"""The command line, built from the steps: one verb a module of `hicloom.steps`.

A step's signature gives the arguments and options, its docstring the help. Steps are
imported when they are called, so `hicloom --help` stays instant.
"""

import ast
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from cyclopts import App, CycloptsError, Parameter

from hicloom.errors import HicloomError

STEPS = Path(__file__).parent / "steps"


def verbs() -> list[str]:
    """Every verb, in alphabetical order."""
    return sorted(path.stem.replace("_", "-") for path in STEPS.glob("[a-z]*.py"))


def app() -> App:
    """The application, with each verb registered but not imported."""
    from hicloom import __version__

    whole = App(
        name="hicloom",
        version=f"hicloom {__version__}",
        help="Weave sequencing reads into contact maps. `hicloom VERB --help` explains a verb.",
        default_parameter=Parameter(negative_iterable=()),
        help_format="markdown",
    )
    for verb in verbs():
        module = verb.replace("-", "_")
        whole.command(f"hicloom.steps.{module}:{module}", name=verb, help=_summary(module))
    return whole


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 done, 1 the work failed, 2 the input or usage is wrong."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        sys.exit(_run(sys.argv[1:] if words is None else words))
    except KeyboardInterrupt:
        _say("interrupted; nothing half-written was left")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _run(words: Sequence[str]) -> int:
    # Path("./-") equals Path("-"), and does not look like an option.
    tokens = ["./-" if word == "-" else word for word in words]
    try:
        app()(tokens, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return _say(f"{_flat(error)} (see hicloom {_verb(words)}--help)", 2)
    except HicloomError as error:
        return _say(_flat(error), error.exit_code)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except OSError as error:
        return _say(_flat(error), 1)
    except Exception as error:
        if os.environ.get("HICLOOM_DEBUG"):
            raise
        name = type(error).__name__
        return _say(f"unexpected {name}: {_flat(error)} (HICLOOM_DEBUG=1 shows where)", 1)
    return 0


def _summary(module: str) -> str:
    """First line of a step's docstring, read without importing it."""
    tree = ast.parse((STEPS / f"{module}.py").read_text())
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == module)
    return (ast.get_docstring(function) or "").partition("\n")[0]


def _verb(words: Sequence[str]) -> str:
    return f"{words[0]} " if words and words[0] in verbs() else ""


def _flat(error: Exception) -> str:
    return " ".join(str(error).split())


def _say(message: str, code: int = 0) -> int:
    print(f"hicloom: {message}", file=sys.stderr)
    return code


def _terminate(signum: int, frame: object) -> NoReturn:
    sys.exit(128 + signum)


