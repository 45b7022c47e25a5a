"""Layouts belong to the venue: readable files that say what stands where on paper."""

from printing.layouts.book import LayoutBook
from printing.layouts.reading import LayoutUnreadable

__all__ = ["LayoutBook", "LayoutUnreadable"]
