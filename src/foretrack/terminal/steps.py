"""A command with steps (`foretrack list show NAME`): which options each step takes, and whether it needs a name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one command."""

    command: str
    takes: Mapping[str, frozenset[str]]
    """Step to the options that it takes, beside those that every step takes."""
    named: frozenset[str]
    """Steps that need a name."""
    optional: frozenset[str] = frozenset()
    """Steps that may have one."""
    name: Sentence = Sentence("a name")
    """What the name is the name of."""

    def check(self, step: str, name: str | None, options: Collection[str]) -> None:
        """InputError for an unknown step, a name too many or too few, or an option of another step.

        >>> steps = Steps("list", {"list": frozenset(), "show": frozenset(("--format",))}, frozenset(("show",)))
        >>> steps.check("show", "products", ["--format"])
        >>> steps.check("list", None, ["--format"])
        Traceback (most recent call last):
        foretrack.foundation.errors.InputError: list does not take --format. Expected: -. To do: leave it out.
        """
        if step not in self.takes:
            raise InputError.of(
                "no step {step!r}", step=step, expected="one of {known}", known=", ".join(self.takes),
                do="correct the word after {command}", command=self.command,
            )  # fmt: skip
        if name is None and step in self.named:
            raise InputError.of(
                "{step} without a name", step=step, expected="{name}", name=self.name,
                do="look at `foretrack {command}`", command=self.command,
            )  # fmt: skip
        if name is not None and step not in self.named | self.optional:
            raise InputError.of(
                "{step} takes no name ({name!r})", step=step, name=name, expected="options only",
                do="look at `foretrack {command}`", command=self.command,
            )  # fmt: skip
        if strange := sorted(set(options) - self.takes[step]):
            known = ", ".join(sorted(self.takes[step])) or "-"
            raise InputError.of(
                "{step} does not take {options}", step=step, options=", ".join(strange), expected="{known}",
                known=known, do="leave it out",
            )  # fmt: skip
