"""The products of the lists' tests count for a target."""

from tests.lists.conftest import firm, kinds, member, national, officer, recognise, registry, series

__all__ = ["firm", "kinds", "member", "national", "officer", "recognise", "registry", "series"]
