"""What is known of a country's numbers: how long they are, and what they never begin with (R3, R4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from dialnexa_routing.files.document_model import Iso, Model

CallingCode = Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,2}$")]


class CountryRule(Model):
    """A country's calling code, and bounds for the national digits after it."""

    country_iso: Iso
    calling_code: CallingCode
    max_length: Annotated[int, Field(ge=1, le=14, strict=True)] | None = None
    """Most national digits; None leaves it to E.164 (R4)."""
    trunk_prefix: Annotated[str, StringConstraints(pattern="^[0-9]{1,3}$")] | None = None
    """What is dialled before national numbers inside the country; never follows the calling code (R3)."""
