"""Makes the invented mini-folder: about a hundred records of technologies that do not exist, in six formats.

Every name, number, organisation and DOI is made up (10.5555 is the prefix reserved for examples). The
folder holds on purpose what real exports hold: the same document in two files, spellings that differ, one
row that cannot be right, Chinese in GB18030 and records without an abstract.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

FIRST_YEAR = 2013


@dataclass(frozen=True, slots=True)
class Invention:
    """A technology that does not exist, its spellings and how many documents mention it per year."""

    english: tuple[str, ...]
    chinese: str
    per_year: tuple[int, ...]
    """Documents per year from `FIRST_YEAR` on."""


INVENTIONS: tuple[Invention, ...] = (
    Invention(
        ("glass battery", "glass batteries", "glass-battery"), "玻璃电池", (0, 0, 0, 0, 1, 1, 3, 6, 10, 15)
    ),
    Invention(("moss computing", "moss computing"), "苔藓计算", (0, 0, 0, 0, 0, 0, 1, 3, 6, 9)),
    Invention(("tidal robot", "tidal robots"), "潮汐机器人", (1, 1, 1, 2, 2, 2, 2, 3, 3, 3)),
    Invention(("singing concrete", "singing concrete"), "歌唱混凝土", (2, 2, 2, 2, 2, 2, 2, 2, 2, 2)),
    Invention(("paper submarine", "paper submarines"), "纸质潜艇", (4, 4, 3, 3, 3, 2, 1, 1, 0, 0)),
)

ENGLISH_TITLES = (
    "{Tech} for {place}",
    "Why {place} need {tech}",
    "Living with {tech} at {place}",
    "Cheaper {tech}: lessons from {place}",
    "Towards {tech} that survive {place}",
    "{Tech}, {place} and what we broke",
    "Do {place} want {tech}?",
)
ENGLISH_OPENINGS = (
    "We put {tech} to work on {place}.",
    "Until now nobody has tried {tech} near {place}.",
    "{Tech} are said to be too dear for {place}.",
    "What happens when {tech} meet {place}?",
    "The people who look after {place} asked us for {tech}.",
    "A storm gave us the chance to see {tech} fail at {place}.",
    "Two teams built {tech} for {place}, and neither knew of the other.",
    "Can {tech} and {place} be friends?",
    "Our neighbours laughed at {tech}.",
)
ENGLISH_CLOSINGS = (
    "Losses fell by {n} per cent.", "It ran for {n} days until it broke.", "The bill was {n} crowns.",
    "We found {n} faults.", "Nobody was hurt in {n} weeks.", "Maintenance took {n} hours a month.",
    "Only {n} of a hundred visitors noticed.", "After {n} nights the gulls lost interest.",
    "Rain made it {n} times slower.", "Prices must halve before {n} towns will follow.",
    "A second try needed {n} screws fewer.", "Frost costs it {n} minutes each morning.",
    "Children repaired it {n} times.",
)  # fmt: skip
PLACES = (
    "harbour walls", "mountain roads", "greenhouse roofs", "old lighthouses", "island schools",
    "desert wells", "river ferries", "village mills", "winter orchards", "city trams", "salt caves",
)  # fmt: skip
CHINESE_TITLES = (
    "面向{place}的{tech}",
    "{tech}在{place}中的应用",
    "{place}为何需要{tech}",
    "{place}{tech}的七年",
)
CHINESE_OPENINGS = (
    "我们把{tech}用于{place}。", "此前无人在{place}试过{tech}。", "{place}的人们想要{tech}。",
    "一场风暴毁了{place}的{tech}。", "邻居们都笑话{tech}。",
)  # fmt: skip
CHINESE_CLOSINGS = (
    "损耗下降了百分之{n}。", "装置运行了{n}天。", "账单是{n}元。", "海鸥来了{n}次。",
    "孩子们修了{n}回。", "雨天要慢{n}倍。", "共有{n}处毛病。",
)  # fmt: skip
CHINESE_PLACES = (
    "港口堤岸",
    "山区公路",
    "温室屋顶",
    "海岛学校",
    "沙漠水井",
    "江河渡轮",
    "冬季果园",
    "城市电车",
)
PEOPLE = (
    ("Invented, Ada", "虚构甲"),
    ("Example, Bo", "虚构乙"),
    ("Sample, Cleo", "虚构丙"),
    ("Fable, Dan", "虚构丁"),
)
PLACES_OF_WORK = (
    ("University of Example", "示例大学", "GB"),
    ("Invented Institute", "虚构研究院", "CN"),
    ("Sample Works Ltd", "样例公司", "DE"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """One invented document with both languages' texts."""

    number: int
    year: int
    title: str
    text: str
    keywords: tuple[str, ...]
    title_zh: str
    text_zh: str
    keywords_zh: tuple[str, ...]
    author: tuple[str, str]
    organisation: tuple[str, str, str]

    @property
    def doi(self) -> str:
        return f"10.5555/foretrack.invented.{self.number:03d}"


def documents() -> list[Made]:
    """All invented documents in order of year; the same ones every time."""
    made: list[Made] = []
    for at in range(10):
        for invention in INVENTIONS:
            for _ in range(invention.per_year[at]):
                made.append(_document(len(made), FIRST_YEAR + at, invention))
    return made


def _document(number: int, year: int, invention: Invention) -> Made:
    tech = invention.english[number % len(invention.english)]
    place, place_zh = PLACES[number * 5 % len(PLACES)], CHINESE_PLACES[number * 3 % len(CHINESE_PLACES)]
    filled = {"tech": tech, "Tech": tech[0].upper() + tech[1:], "place": place, "n": 3 + number * 7 % 40}
    filled_zh = {"tech": invention.chinese, "place": place_zh, "n": 3 + number * 7 % 40}
    return Made(
        number=number,
        year=year,
        title=ENGLISH_TITLES[number % len(ENGLISH_TITLES)].format(**filled),
        text=_text(number, ENGLISH_OPENINGS, ENGLISH_CLOSINGS, " ").format(**filled),
        keywords=(invention.english[0], place),
        title_zh=CHINESE_TITLES[number % len(CHINESE_TITLES)].format(**filled_zh),
        text_zh=_text(number, CHINESE_OPENINGS, CHINESE_CLOSINGS, "").format(**filled_zh),
        keywords_zh=(invention.chinese, place_zh),
        author=PEOPLE[number % len(PEOPLE)],
        organisation=PLACES_OF_WORK[number % len(PLACES_OF_WORK)],
    )


def _text(number: int, openings: tuple[str, ...], closings: tuple[str, ...], between: str) -> str:
    return openings[number % len(openings)] + between + closings[number % len(closings)]


def mini_folder() -> dict[str, bytes]:
    """File name to content of the whole folder, the same bytes every time."""
    made = documents()
    share = [made[start::6] for start in range(6)]
    # Three documents of the RIS file stand in the BibTeX file again, as exports of two databases do.
    return {
        "invented.ris": _ris(share[0]).encode(),
        "invented.bib": _bibtex([*share[1], *share[0][:3]]).encode(),
        "invented-wos.txt": b"\xef\xbb\xbf" + _wos(share[2]).encode(),
        "invented-cnki.net": _cnki(share[3]).encode("gb18030"),
        "invented-openalex.jsonl": _openalex(share[4]).encode(),
        "invented-table.csv": _table(share[5]).encode(),
    }


TABLE_COLUMNS = (
    "title", "year", "abstract", "keywords", "alt_language", "alt_title", "alt_keywords", "authors",
    "organisations", "doi", "note",
)  # fmt: skip
NOTE = "Invented record: no such document exists."


def _ris(made: list[Made]) -> str:
    records = []
    for m in made:
        records.append(
            f"TY  - JOUR\nTI  - {m.title}\nAU  - {m.author[0]}\nPY  - {m.year}\n"
            f"T2  - Journal of Invented Examples\n"
            f"AB  - {m.text}\n"
            + "".join(f"KW  - {keyword}\n" for keyword in m.keywords)
            + f"DO  - {m.doi}\nN1  - {NOTE}\nER  - \n"
        )
    return "\n".join(records)


def _bibtex(made: list[Made]) -> str:
    return "\n".join(
        f"@article{{invented{m.number:03d},\n  title = {{{m.title}}},\n  author = {{{m.author[0]}}},\n"
        f"  journal = {{Letters on Things That Do Not Exist}},\n  year = {{{m.year}}},\n"
        f"  abstract = {{{m.text}}},\n  keywords = {{{', '.join(m.keywords)}}},\n  doi = {{{m.doi}}},\n"
        f"  note = {{{NOTE}}}\n}}\n"
        for m in made
    )


def _wos(made: list[Made]) -> str:
    records = []
    for m in made:
        name = m.organisation[0]
        records.append(
            f"PT J\nAU {m.author[0]}\nTI {m.title}\nSO JOURNAL OF INVENTED EXAMPLES\nLA English\nDT Article\n"
            f"DE {'; '.join(m.keywords)}\nAB {m.text}\nC1 [{m.author[0]}] {name}, Sampletown, England.\n"
            f"PU {NOTE}\nPY {m.year}\nDI {m.doi}\nUT WOS:INVENTED{m.number:06d}\nER\n"
        )
    return "FN Clarivate Analytics Web of Science\nVR 1.0\n" + "\n".join(records) + "\nEF\n"


def _cnki(made: list[Made]) -> str:
    return "\n\n".join(
        f"{{Reference Type}}: Journal Article\n{{Title}}: {m.title_zh}\n{{Author}}: {m.author[1]};\n"
        f"{{Author Address}}: {m.organisation[1]};\n{{Journal}}: 虚构学报\n"
        f"{{Year}}: {m.year}\n{{Issue}}: 01\n{{Pages}}: 1-9\n{{Keywords}}: {';;'.join(m.keywords_zh)}\n"
        f"{{Abstract}}: {m.text_zh}\n"
        f"{{Notes}}: 虚构记录，并无此文\n{{Database Provider}}: CNKI\n"
        for m in made
    )


def _openalex(made: list[Made]) -> str:
    return "".join(json.dumps(_work(m), ensure_ascii=False) + "\n" for m in made)


def _work(m: Made) -> dict[str, Any]:
    name, _, country = m.organisation
    # Every fourth record comes without an abstract, as many real ones do.
    words = m.text.split() if m.number % 4 else []
    positions: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        positions.setdefault(word, []).append(position)
    identifier = f"https://openalex.org/W99990000{m.number:02d}"
    return {
        "id": identifier,
        "doi": f"https://doi.org/{m.doi}",
        "title": m.title,
        "display_name": m.title,
        "publication_year": m.year,
        "publication_date": f"{m.year}-06-15",
        "language": "en",
        "type": "article",
        "ids": {"openalex": identifier},
        "primary_location": {"source": {"display_name": "Journal of Invented Examples", "type": "journal"}},
        "authorships": [
            {
                "author": {"display_name": m.author[0]},
                "institutions": [{"display_name": name, "country_code": country}],
            }
        ],
        "abstract_inverted_index": positions or None,
        "keywords": [{"display_name": keyword} for keyword in m.keywords],
        "counts_by_year": [{"year": m.year + 1, "cited_by_count": m.number % 3}],
        "cited_by_count": m.number % 3,
        "referenced_works": [],
        "is_retracted": False,
        "note": NOTE,
    }


def _table(made: list[Made]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TABLE_COLUMNS)
    for m in made:
        texts = [m.text, "; ".join(m.keywords), "zh", m.title_zh, "; ".join(m.keywords_zh)]
        writer.writerow([m.title, m.year, *texts, m.author[0], m.organisation[0], m.doi, NOTE])
    # A year that cannot be: this row is rejected with its reason, and everything else is kept.
    writer.writerow(["A report from the year after next", 2999, *[""] * (len(TABLE_COLUMNS) - 3), NOTE])
    return out.getvalue()
