"""What can go wrong, by whose turn it is.

    ForetrackError
    ├── InputError      yours: a file, an option or a pack is not usable        exit 2
    ├── SourceError     a source broke its promise (bad archive, bad answer)    exit 3
    ├── OutsideError    disk, network, another process; `retryable` says if     exit 4
    ├── EvidenceError   the question is fine, the data cannot answer it         exit 5
    └── HouseError      ours: a bug, please report                              exit 1

A message says what happened (with the value), what was expected, and what to do next. One made with `of` can
also be said in the reader's language; its English text is the same as that of one made without.
"""

from __future__ import annotations

from typing import ClassVar, Self

from foretrack.foundation.sentences import Say, Sentence


class ForetrackError(Exception):
    """Any error that Foretrack raises on purpose.

    >>> str(InputError("no year 3120", expected="a year from 1500 to next year", do="check the column"))
    'no year 3120. Expected: a year from 1500 to next year. To do: check the column.'
    """

    exit_code: ClassVar[int] = 1
    retryable: bool = False

    def __init__(self, what: str, *, expected: str = "", do: str = "") -> None:
        self.what = what.rstrip(".")
        self.expected = expected.rstrip(".")
        self.do = do.rstrip(".")
        self._sentences: tuple[Sentence, Sentence, Sentence] | None = None
        super().__init__(what, expected, do)

    @classmethod
    def of(cls, what: str, /, *, expected: str = "", do: str = "", **values: object) -> Self:
        """The error whose three sentences a door can translate: templates with places, and what fills them.

        A value that is text of its own language (an example, a name, a file) goes into `values`, never into a
        template; a `Sentence` among the values is translated too.

        >>> str(InputError.of("no year {year}", expected="a year up to {last}", year=3120, last=2026))
        'no year 3120. Expected: a year up to 2026.'
        """
        sentences = Sentence(what, values), Sentence(expected, values), Sentence(do, values)
        error = cls(str(sentences[0]), expected=str(sentences[1]), do=str(sentences[2]))
        error._sentences = sentences
        return error

    @classmethod
    def said(cls, what: Sentence, *, expected: Sentence | None = None, do: Sentence | None = None) -> Self:
        """The error made of sentences, each with values of its own."""
        sentences = what, expected or Sentence(""), do or Sentence("")
        error = cls(str(what), expected=str(sentences[1]), do=str(sentences[2]))
        error._sentences = sentences
        return error

    def told(self, say: Say) -> str:
        """The whole message as `say` says it; in English where `say` has no translation of what happened.

        >>> from foretrack.foundation.messages import Messages
        >>> zh = Messages("zh", {"no year {year}": "没有 {year} 年", "{what}.": "{what}。"})
        >>> InputError.of("no year {year}", year=3120).told(zh), InputError("no file x").told(zh)
        ('没有 3120 年。', 'no file x.')
        """
        what, expected, do = (part.rstrip(".。") for part in self.parts(say))
        if what == self.what:
            return str(self)
        parts = [say("{what}.", what=what)]
        if expected:
            parts.append(say("Expected: {expected}.", expected=expected))
        if do:
            parts.append(say("To do: {do}.", do=do))
        return (" " if parts[0].endswith(".") else "").join(parts)

    @property
    def sentences(self) -> tuple[Sentence, Sentence, Sentence]:
        """What happened, what was expected and what to do, to be built into another error."""
        return self._sentences or (Sentence(self.what), Sentence(self.expected), Sentence(self.do))

    def parts(self, say: Say) -> tuple[str, str, str]:
        """What happened, what was expected and what to do, as `say` says them."""
        if self._sentences is None:
            return say(self.what), say(self.expected), say(self.do)
        what, expected, do = (sentence.told(say) if sentence.template else "" for sentence in self._sentences)
        return what, expected, do

    def __str__(self) -> str:
        parts = [f"{self.what}."]
        if self.expected:
            parts.append(f"Expected: {self.expected}.")
        if self.do:
            parts.append(f"To do: {self.do}.")
        return " ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.expected, self.do, self.__dict__))


def _rebuild(
    cls: type[ForetrackError], what: str, expected: str, do: str, state: dict[str, object]
) -> ForetrackError:
    error = cls(what, expected=expected, do=do)
    error.__dict__.update(state)
    return error


class InputError(ForetrackError):
    """Something the user gave cannot be used; the user can mend it."""

    exit_code = 2


class NotThereError(InputError):
    """What was named does not exist, or is hidden from the asker: the two are not told apart."""


class SourceError(ForetrackError):
    """A file or service is not what its format promises (truncated archive, XML bomb, bad answer)."""

    exit_code = 3


class OutsideError(ForetrackError):
    """The outside world failed: disk full, network down, another process writes."""

    exit_code = 4

    def __init__(self, what: str, *, expected: str = "", do: str = "", retryable: bool = False) -> None:
        super().__init__(what, expected=expected, do=do)
        self.retryable = retryable


class EvidenceError(ForetrackError):
    """The data cannot answer: not enough evidence, and what would be needed."""

    exit_code = 5


class HouseError(ForetrackError):
    """A bug of ours."""

    exit_code = 1
