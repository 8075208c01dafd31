"""A Scopus record, whichever of the three exports it comes from: values by the CSV export's column names."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from foretrack.sources.kit.tables import folded

CHINESE_COLUMNS = {
    "作者": "authors",
    "作者全名": "author full names",
    "作者 id": "author(s) id",
    "作者id": "author(s) id",
    "文献标题": "title",
    "标题": "title",
    "年份": "year",
    "来源出版物名称": "source title",
    "施引文献": "cited by",
    "引文": "cited by",
    "链接": "link",
    "归属机构": "affiliations",
    "归属": "affiliations",
    "机构": "affiliations",
    "带归属机构的作者": "authors with affiliations",
    "摘要": "abstract",
    "作者关键字": "author keywords",
    "作者关键词": "author keywords",
    "索引关键字": "index keywords",
    "索引关键词": "index keywords",
    "参考文献": "references",
    "出版商": "publisher",
    "出版者": "publisher",
    "会议名称": "conference name",
    "原始文献语言": "language of original document",
    "文献类型": "document type",
    "出版阶段": "publication stage",
    "开放获取": "open access",
    "来源出版物": "source",
}
"""Columns of the Chinese interface -> those of the English one."""

OLDER_COLUMNS = {
    "document title": "title",
    "author ids": "author(s) id",
    "authors id": "author(s) id",
    "authors keywords": "author keywords",
}
"""Columns as they were called in other years -> as they are now."""


@dataclass(slots=True)
class ScopusRecord:
    """The values of one record, and where it stands in the file."""

    position: str
    values: dict[str, str] = field(default_factory=dict)
    """Column of the English CSV export, folded (`source title`) -> value."""
    complete: bool = True
    """False when the file ends before the record does."""

    @property
    def excerpt(self) -> str:
        """The first 200 characters of the values."""
        return " | ".join(value for value in self.values.values() if value)[:200]

    def get(self, name: str) -> str:
        """The value of a column, stripped; an empty string when it is missing."""
        return self.values.get(name, "").strip()


@functools.lru_cache(maxsize=512)
def column(name: str) -> str:
    """The English, current, folded name of a column.

    >>> column(" Source Title "), column("文献标题"), column("Document Title")
    ('source title', 'title', 'title')
    """
    key = folded(name)
    return CHINESE_COLUMNS.get(key) or OLDER_COLUMNS.get(key) or key
