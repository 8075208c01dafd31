"""The invented office of the review's tests."""

from tests.review.conftest import office

__all__ = ["office"]
