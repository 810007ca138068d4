"""Whole files of recipients screened as columns, each row with an outcome of its own (R39)."""

from __future__ import annotations

from dialnexa_routing.workspace.screening.frame import SCREENED, screen

__all__ = ["SCREENED", "screen"]
