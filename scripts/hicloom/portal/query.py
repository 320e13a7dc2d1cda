"""What a user looks for, as queries of the portal.

Words are free text, filters (`biosource=GM12878`), accessions, or the URL of a page of
the portal. Fields of the search: https://data.4dnucleome.org/help/user-guide/rest-api
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from hicloom.errors import InputError
from hicloom.portal import SERVER
from hicloom.portal.client import Portal

Parameters = tuple[tuple[str, str], ...]

# The portal's word for "any" where it is told which files of a query are wanted.
ANY = "NONE"
SETS: Parameters = (("type", "ExperimentSetReplicate"), ("experimentset_type", "replicate"))
# Short names of the fields of experiment sets.
FIELDS = {
    "experiment_type": "experiments_in_set.experiment_type.display_title",
    "biosource": "experiments_in_set.biosample.biosource_summary",
    "organism": "experiments_in_set.biosample.biosource.organism.name",
    "assay": "experiments_in_set.experiment_categorizer.combined",
    "treatment": "experiments_in_set.biosample.treatments.display_title",
    "publication": "publications_of_set.display_title",
    "dataset": "dataset_label",
    "condition": "condition",
    "lab": "lab.display_title",
    "status": "status",
}
# What an accession is of, by its third pair of letters: type, field, place in a triple.
_KINDS = {
    "ES": ("ExperimentSet", "accession", 0),
    "EX": ("ExperimentSet", "experiments_in_set.accession", 1),
    "FI": ("File", "accession", 2),
}
# So many fit into a URL.
_AT_ONCE = 100
_DROPPED = {"format", "limit", "from", "field", "sort", "referrer", "currentAction"}


@dataclass(frozen=True)
class Query:
    """Parameters of a search, and which of its files are wanted.

    `wanted` are triples of accessions (experiment set, experiment, file), each or `ANY`.
    """

    parameters: Parameters
    wanted: tuple[tuple[str, ...], ...] = ((ANY, ANY, ANY),)

    def path(self, place: str, *more: tuple[str, str]) -> str:
        """Path and query of a URL under `place` (such as `search`)."""
        return f"/{place}/?{urlencode([*self.parameters, *more])}"


def is_accession(word: str) -> bool:
    """Whether a word is the accession of an experiment set, an experiment or a file."""
    return re.fullmatch(r"(4DN|TST)(ES|EX|FI)[0-9A-Z]{7}", word) is not None


def read_accessions(path: Path) -> list[str]:
    """The accessions in a text, one a line; lines that start with `#` are passed over.

    Raises
    ------
    InputError
        If it cannot be read, or a line is something else.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is no text"
        raise InputError(f"{path}: cannot be read ({reason})") from None
    found = []
    for number, line in enumerate(map(str.strip, lines), start=1):
        if line and not line.startswith("#"):
            if not is_accession(line):
                raise InputError(f"{path}, line {number}: expected an accession (4DNES...)")
            found.append(line)
    if not found:
        raise InputError(f"{path}: holds no accessions; give one a line")
    return found


def read_queries(words: Sequence[str], portal: Portal) -> list[Query]:
    """The queries that words stand for; several only for many accessions.

    Raises
    ------
    InputError
        If there are no words, or of kinds that do not go together.
    """
    if not words:
        raise InputError("nothing to look for; give words, FIELD=VALUE, accessions or a URL")
    if words[0].startswith(("http://", "https://")):
        if len(words) > 1:
            raise InputError("give one URL of the portal, and nothing else")
        return _of_page(words[0], portal)
    accessions = [word for word in words if is_accession(word)]
    if not accessions:
        return [_of_words(words)]
    if len(accessions) < len(words):
        other = next(word for word in words if not is_accession(word))
        raise InputError(f"{other}: is no accession; give accessions only, or none")
    return _of_accessions(list(dict.fromkeys(accessions)))


def _of_words(words: Sequence[str]) -> Query:
    filters = [word.partition("=")[::2] for word in words if "=" in word]
    text = " ".join(word for word in words if "=" not in word)
    for name, value in filters:
        if not re.fullmatch(r"[A-Za-z_][\w.-]*!?", name) or not value:
            raise InputError(
                f"{name}={value}: expected FIELD=VALUE, with a field of the portal "
                f"or one of {', '.join(FIELDS)}"
            )
    asked = [(FIELDS.get(name, name), value) for name, value in filters]
    kind = () if any(name == "type" for name, _ in asked) else SETS
    return Query((*kind, *asked, *([("q", text)] if text else [])))


def _of_accessions(accessions: list[str]) -> list[Query]:
    kinds = {accession[3:5] for accession in accessions}
    if len(kinds) > 1:
        raise InputError(
            "give accessions of one kind: experiment sets (4DNES...), experiments (4DNEX...) "
            "or files (4DNFI...)"
        )
    kind, name, place = _KINDS[kinds.pop()]
    queries = []
    for first in range(0, len(accessions), _AT_ONCE):
        some = accessions[first : first + _AT_ONCE]
        wanted = tuple((ANY,) * place + (word,) + (ANY,) * (2 - place) for word in some)
        queries.append(Query((("type", kind), *((name, word) for word in some)), wanted))
    return queries


def _of_page(url: str, portal: Portal) -> list[Query]:
    """The query of a page of results, a link to a table of files, or a page of one thing."""
    if not portal.owns(url):
        raise InputError(
            f"{url.partition('?')[0]}: does not lie on {portal.server}; "
            "--server names another portal"
        )
    parts = urlsplit(url)
    places = [unquote(place) for place in parts.path.split("/") if place]
    if places and is_accession(places[-1]):
        return _of_accessions([places[-1]])
    text = parts.query
    if places[:1] == ["metadata"] and len(places) > 1:
        text = places[1]
    found = tuple((n, v) for n, v in parse_qsl(text) if n not in _DROPPED)
    if places[:1] not in (["search"], ["browse"], ["metadata"]) or not found:
        raise InputError(
            f"{url.partition('?')[0]}: expected the URL of a search, such as "
            f"{SERVER}/browse/?type=ExperimentSetReplicate&..., or of an experiment set"
        )
    kind = () if any(name == "type" for name, _ in found) else SETS
    return [Query((*kind, *found))]
