"""Files of recipients screened as columns, each row with an outcome of its own: `Router.screen` (R39)."""

from __future__ import annotations

from dialnexa_routing.workspace.screening.screened_frame import SCREENED
from dialnexa_routing.workspace.screening.sentences import sentence

__all__ = ["SCREENED", "sentence"]
