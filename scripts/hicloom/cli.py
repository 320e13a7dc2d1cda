"""The command line: one verb a module of `hicloom.steps` or `hicloom.commands`.

A verb's signature gives the arguments and options, its docstring the help. A folder there
is a group of verbs (`steps/simulate/genome.py` is `hicloom simulate genome`), and so is
`hicloom.compat`. Verbs are imported when they are called, so `hicloom --help` stays instant.
"""

import ast
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TypeGuard

from cyclopts import App, CycloptsError, Parameter

from hicloom import provenance
from hicloom.allocation import leave_objects_at_exit, reuse_freed_memory, search_seldom
from hicloom.errors import HicloomError

PACKAGE = Path(__file__).parent
FOLDERS = (PACKAGE / "steps", PACKAGE / "commands")
COMPAT = PACKAGE / "compat"
# No module's name can begin with a digit.
_WORDS = {COMPAT: "4dn"}


def verbs() -> list[str]:
    """Every verb and group of verbs, in alphabetical order."""
    return sorted(map(_word, _verbs()))


def app(words: Sequence[str] = ()) -> App:
    """The application, with each verb registered but not imported.

    Where `words` begin with a verb, it is the only one: the others need not be looked at.
    """
    from hicloom import __version__

    whole = App(
        name="hicloom",
        version=f"hicloom {__version__}",
        help="Weave sequencing reads into contact maps. `hicloom VERB --help` explains a verb.",
        default_parameter=Parameter(negative_iterable=(), consume_multiple=True),
        help_format="markdown",
    )
    _register(whole, _verbs(), words)
    return whole


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 done, 1 the work failed, 2 the input or usage is wrong."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        # Under nohup a hangup stays ignored.
        if signal.getsignal(ending) is not signal.SIG_IGN:
            signal.signal(ending, _terminate)
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
    provenance.set_command(words)
    reuse_freed_memory()
    search_seldom()
    leave_objects_at_exit()
    try:
        app(tokens)(tokens, exit_on_error=False, print_error=False)
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


def _register(parent: App, entries: Sequence[Path], words: Sequence[str]) -> None:
    meant = [entry for entry in entries if [_word(entry)] == list(words[:1])]
    for entry in meant or entries:
        if entry.is_dir():
            group = App(name=_word(entry), help=_summary(_tree(entry / "__init__.py")))
            _register(group, _entries(entry), words[1:] if meant else ())
            parent.command(group)
        else:
            module = ".".join(("hicloom", *entry.relative_to(PACKAGE).with_suffix("").parts))
            function = next(n for n in _tree(entry).body if _is_function(n, entry.stem))
            target = f"{module}:{entry.stem}"
            parent.command(target, name=_word(entry), help=_explanation(function))


def _verbs() -> list[Path]:
    """The modules and packages that are verbs and groups of verbs."""
    return [*(entry for folder in FOLDERS for entry in _entries(folder)), COMPAT]


def _entries(folder: Path) -> list[Path]:
    """The modules and the sub-packages of a folder of verbs."""
    packages = (path.parent for path in folder.glob("[a-z]*/__init__.py"))
    return sorted((*folder.glob("[a-z]*.py"), *packages))


def _word(entry: Path) -> str:
    return _WORDS.get(entry, entry.stem.replace("_", "-"))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _is_function(node: ast.stmt, name: str) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef) and node.name == name


def _summary(node: ast.Module | ast.FunctionDef) -> str:
    """First line of a docstring, read without importing its module."""
    return (ast.get_docstring(node) or "").partition("\n")[0]


def _explanation(node: ast.FunctionDef) -> str:
    """A docstring up to its parameters; lists of verbs show its first paragraph."""
    return (ast.get_docstring(node) or "").partition("\nParameters\n---")[0].strip()


def _verb(words: Sequence[str]) -> str:
    """The verb that `words` start with and a blank; nothing if there is none."""
    verb, entries = "", _verbs()
    for word in words:
        found = [entry for entry in entries if _word(entry) == word]
        if not found:
            break
        verb = f"{verb}{word} "
        entries = [inner for group in found if group.is_dir() for inner in _entries(group)]
    return verb


def _flat(error: Exception) -> str:
    return " ".join(str(error).split())


def _say(message: str, code: int = 0) -> int:
    print(f"hicloom: {message}", file=sys.stderr)
    return code


def _terminate(signum: int, frame: object) -> NoReturn:
    sys.exit(128 + signum)
