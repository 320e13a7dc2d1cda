"""`hicloom fetch file`: any file behind a URL, such as a genome."""

from hicloom.options import Output


def file(url: str, /, *, output: Output, md5: str | None = None) -> None:
    """Download a file, such as a genome, from an http(s) URL.

    Parameters
    ----------
    url : str
        Where it lies.
    output : Path
        The file to write.
    md5 : str, optional
        What its md5 must be, in hexadecimal.

    Raises
    ------
    InputError
        If there is no such file.
    WorkError
        If the server cannot be reached, or what came is not what was promised.
    """
    from hicloom.remote.download import Remote, download

    download(Remote(url, md5=md5), output)
