"""Word lists kept as data: stop words, generic words, boilerplate. One entry a line, `#` comments.

A workspace's own `stop.txt` and `synonyms.txt` are added to these by the scan.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> frozenset[str]:
    """Entries of `lists/<name>.txt`, lower case, comments and blank lines left out.

    >>> "the" in word_list("stop_en"), "的" in word_list("stop_zh")
    (True, True)
    """
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return parse_list(text)


def parse_list(text: str) -> frozenset[str]:
    """Entries of a list text.

    >>> sorted(parse_list("alpha beta\\n# remark\\n\\nGamma  # why\\n"))
    ['alpha beta', 'gamma']
    """
    lines = (line.split("#", 1)[0].strip().lower() for line in text.splitlines())
    return frozenset(line for line in lines if line)
