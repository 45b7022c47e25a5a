"""Layouts belong to the venue: readable files that say what stands where on paper."""

from printing.layouts.book import LayoutBook
from printing.layouts.reading import LayoutUnreadable, read_layout

__all__ = ["LayoutBook", "LayoutUnreadable", "read_layout"]
