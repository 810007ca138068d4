"""Billing plans: what a minute of a call costs a workspace, and what can be asked of one (R44-R48)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.money.call_words import AgentKind
from dialnexa_routing.money.longest_call import LIMIT_S
from dialnexa_routing.money.rupees import price
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.plans.plan_charge import rate
from dialnexa_routing.plans.plan_coverage import missing, unused
from dialnexa_routing.plans.plan_explanation import explain
from dialnexa_routing.plans.plan_longest import longest_call
from dialnexa_routing.plans.plan_terms import Component, PlanTerms
from dialnexa_routing.text.html import card

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from decimal import Decimal

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction, Path
    from dialnexa_routing.money.longest_call import LongestCall
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.plans.plan_charge import PlanCharge
    from dialnexa_routing.plans.plan_coverage import GroupNames
    from dialnexa_routing.plans.plan_explanation import PlanExplanation


class BillingPlan(PlanTerms):
    """INR per minute of each component, any of which may be absent; one pulse for all of them (R44, R45)."""

    def _repr_html_(self) -> str:
        amounts = {one: self.component(one) for one in Component}
        facts = [
            (str(one), f"{price(amount)} a minute") for one, amount in amounts.items() if amount is not None
        ]
        sold = "none" if self.telephony is None else str(self.telephony.kind).replace("_", " ")
        facts += [("telephony", sold), ("pulse", str(self.pulse))]
        return card(f"plan {self.name or self.id}", facts, then="plan.rate(deck, number=…, seconds=…)")

    def rate(
        self,
        deck: Rates,
        *,
        number: str | None,
        seconds: int | Decimal | timedelta | None,
        at: datetime | None = None,
        direction: Direction = "outbound",
        agent_kind: AgentKind | str = AgentKind.CASCADED,
        path: Path | str = "pstn",
        voicemail: bool = False,
        number_plan: NumberPlan | None = WORLD,
    ) -> PlanCharge:
        """Rate one call, as `records.rate` with this plan rates a frame (R43-R48, R52, R54).

        Args:
            deck: states the network group that the number belongs to; a deck, or a book of decks.
            number: the called number; inbound it is our own. Not looked at for a web call (R34).
            seconds: from answer to end (R43).
            at: answer time, with a zone; a must where a dated deck decides about the price (R50).
            direction: which of the group's two prices (R46).
            agent_kind: which components (R45).
            path: ``pstn`` takes the price of the network group, ``sip_trunk`` the plan's flat rate,
                ``webrtc`` has no telephony; a word of `decision.Path`.
            voicemail: a machine answered; see `Voicemail` (R52).
            number_plan: by which a number can be none; None asks none. Over a trunk lengths are the
                trunk's business, and only emergency numbers are asked about.

        Returns:
            The lines and their total, or a reason, as a row of a frame would have them.

        Raises:
            ValueError: direction, kind or path is none of its words.
            DeckTimeError: `at` has no zone.

        >>> import polars as pl
        >>> from dialnexa_routing import GroupPrice, PriceList, RateDeck
        >>> deck = RateDeck.compile(pl.DataFrame({"prefix": ["91"], "network_group": ["India"]}))
        >>> india = GroupPrice(country_iso="ZZ", network_group="India", outbound="0.60")
        >>> prices = PriceList(prices=[india])
        >>> plan = BillingPlan(id="growth", stt="0.50", llm="1.10", tts="0.90", telephony=prices)
        >>> charge = plan.rate(deck, number="+919812345678", seconds=263)
        >>> charge.billed_seconds, charge.total, [str(line.exact) for line in charge.lines]
        (300, Decimal('15.50'), ['5/2', '11/2', '9/2', '3'])
        """
        return rate(
            self,
            deck,
            number=number,
            seconds=seconds,
            at=at,
            direction=direction,
            agent_kind=agent_kind,
            path=path,
            voicemail=voicemail,
            number_plan=number_plan,
        )

    def explain(
        self,
        deck: Rates,
        *,
        number: str | None,
        seconds: int | Decimal | timedelta | None,
        at: datetime | None = None,
        direction: Direction = "outbound",
        agent_kind: AgentKind | str = AgentKind.CASCADED,
        path: Path | str = "pstn",
        voicemail: bool = False,
        number_plan: NumberPlan | None = WORLD,
    ) -> PlanExplanation:
        """What `rate` states, with every prefix tried and each step from the seconds to the rounded total.

        ``str()`` and `html` of the result are for people, `to_dict` for machines.
        """
        return explain(
            self,
            deck,
            number=number,
            seconds=seconds,
            at=at,
            direction=direction,
            agent_kind=agent_kind,
            path=path,
            voicemail=voicemail,
            number_plan=number_plan,
        )

    def longest_call(
        self,
        deck: Rates,
        *,
        number: str | None,
        balance: Decimal,
        at: datetime | None = None,
        direction: Direction = "outbound",
        agent_kind: AgentKind | str = AgentKind.CASCADED,
        path: Path | str = "pstn",
        voicemail: bool = False,
        number_plan: NumberPlan | None = WORLD,
        limit_s: int = LIMIT_S,
    ) -> LongestCall:
        """The most whole seconds that a balance buys, and what they cost, which is what to hold for the call.

        `rate` of them is at most the balance, and of one more is above it; `LongestCall.seconds` is None
        where nothing up to `limit_s` is. The other arguments are those of `rate`.

        Raises:
            MoneyError: the balance is a float, or no number (R48).
            ValueError: direction, kind or path is none of its words, or `limit_s` is below 1 or above a week.
            DeckTimeError: `at` has no zone.
        """
        return longest_call(
            self,
            deck,
            number=number,
            balance=balance,
            at=at,
            direction=direction,
            agent_kind=agent_kind,
            path=path,
            voicemail=voicemail,
            number_plan=number_plan,
            limit_s=limit_s,
        )

    def missing(
        self, deck: Rates, direction: Direction = "outbound", *, at: datetime | None = None
    ) -> GroupNames:
        """Country and name of the deck's network groups that the plan has no price for.

        `at` is a must for a book of decks, whose groups change (R50).

        Calls to them are `Reason.RATE_MISSING` (R47), but for numbers that the plan prices by prefix; a
        country or a fallback of the plan prices its groups. GroupNames that are blocked throughout are not
        among them, and none is where the plan has no telephony rates at all.
        """
        return missing(self, deck, direction, at)

    def unused(self, deck: Rates, *, at: datetime | None = None) -> GroupNames:
        """Country and name of the network groups that the plan prices and the deck does not have.

        A country of which the deck has no group stands with an empty name.
        """
        return unused(self, deck, at)
