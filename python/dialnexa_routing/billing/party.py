"""Who sells and who buys, as documents: names, addresses, GSTINs, and where a supply goes."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from dialnexa_routing.billing.gstin import ABROAD, STATES, WITHOUT_LEGISLATURE, checked_gstin, state_code
from dialnexa_routing.files.document_model import Iso, Name
from dialnexa_routing.files.model_files import Document
from dialnexa_routing.money.exact import exact_text

_INDIA = "IN"
_Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class Party(Document):
    """A customer as invoices name it."""

    id: Name
    """The workspace whose calls it pays."""
    name: Name
    """The legal name."""
    address: tuple[_Line, ...] = ()
    """Line by line."""
    gstin: Annotated[str, AfterValidator(checked_gstin)] | None = None
    """With its check sign; None is not registered."""
    state: Annotated[str, AfterValidator(state_code)] | None = None
    """Code or name; None is that of the GSTIN."""
    country_iso: Iso = _INDIA
    """Where it is."""
    sez: bool = False
    """Whether it is a unit of a special economic zone, whose supplies are always between states."""
    email: str = ""
    """For people."""

    @model_validator(mode="after")
    def _stands_in_one_state(self) -> Self:
        if self.gstin is not None and self.state is not None and self.gstin[:2] != self.state:
            raise ValueError("the GSTIN begins with the code of another state; correct state or gstin")
        if self.country_iso != _INDIA and (self.gstin is not None or self.state is not None):
            raise ValueError("a party abroad has neither GSTIN nor state; correct country_iso")
        return self

    @property
    def place_code(self) -> str | None:
        """Of GST: 96 abroad, None where nothing states it."""
        if self.country_iso != _INDIA:
            return ABROAD
        return self.state or (None if self.gstin is None else self.gstin[:2])

    @property
    def place(self) -> str:
        """The place of supply in words."""
        code = self.place_code
        if code == ABROAD:
            return f"Outside India ({self.country_iso})"
        return "" if code is None else f"{STATES[code]} ({code})"


class Seller(Party):
    """Who sends the invoices."""

    sac: Annotated[str, StringConstraints(pattern=r"^99[0-9]{2}([0-9]{2})?$")]
    """The services accounting code of what is sold, as 998419."""
    gst_percent: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}(\.[0-9]{1,4})?$")] = "18"
    """Of all heads together, as text (R48)."""
    lut: str = ""
    """Number of the letter of undertaking, by which supplies abroad and to an SEZ bear no tax."""
    bank: tuple[_Line, ...] = ()
    """How to pay, line by line."""
    terms: Annotated[str, Field(max_length=2000)] = ""
    """What stands at the foot of each invoice."""
    signatory: str = ""
    """Who signs."""

    @model_validator(mode="after")
    def _is_registered(self) -> Self:
        if self.country_iso != _INDIA or self.place_code is None:
            raise ValueError("a seller stands in a state of India: give gstin, or state")
        return self


def tax_heads(seller: Seller, buyer: Party) -> dict[str, str]:
    """The heads of GST of a supply and what each takes, in per cent; none for exports under an LUT.

    >>> seller = Seller(id="us", name="Us", gstin="27AAPFU0939F1ZV", sac="998419")
    >>> tax_heads(seller, Party(id="a", name="A", state="Maharashtra"))
    {'CGST': '9', 'SGST': '9'}
    >>> tax_heads(seller, Party(id="b", name="B", state="29")), tax_heads(
    ...     seller.changed(lut="AD270326000001X"), Party(id="c", name="C", country_iso="AE")
    ... )
    ({'IGST': '18'}, {})
    """
    if seller.gstin is None:
        return {}
    abroad = buyer.place_code == ABROAD or buyer.sez
    if abroad and seller.lut:
        return {}
    if abroad or buyer.place_code != seller.place_code:
        return {"IGST": seller.gst_percent}
    half = exact_text(Fraction(seller.gst_percent) / 2)
    return {"CGST": half, "UTGST" if seller.place_code in WITHOUT_LEGISLATURE else "SGST": half}
