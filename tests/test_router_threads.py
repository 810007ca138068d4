"""Eight threads decide while workspaces and decks are swapped: each answer is of one of them (R50)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from counts import counted
from decks import MOBILE, deck_of
from dialnexa_routing.workspace.decision import Allowed, Refused
from watchers import watched
from workspaces import OWN, plan, router, switches, workspace

if TYPE_CHECKING:
    from dialnexa_routing import RateDeck
    from dialnexa_routing.workspace.decision import Decision
    from dialnexa_routing.workspace.router import Router

SWAPS = 1000
NUMBERS = [MOBILE, "+914012345678", "+14155550101"]


def deck(number: int) -> RateDeck:
    """A deck that tells its number by its groups and rates."""
    return deck_of(
        [
            {"prefix": "91", "network_group": "India", "country_iso": "IN", "outbound_rate": number},
            {
                "prefix": "9140",
                "network_group": f"Desk {number}",
                "country_iso": "IN",
                "outbound_rate": number,
            },
            {"prefix": "1", "network_group": "United States", "country_iso": "US", "outbound_rate": number},
        ]
    )


class Holder:
    """What a service does: an attribute that is assigned anew while others read it."""

    def __init__(self, asked: Router) -> None:
        self.router = asked


def test_r50_swapped_by_assignment() -> None:
    decks = [deck(number) for number in range(1, 4)]
    spaces = [
        workspace(id=str(number), billing_plan="growth", enabled=switches({*on}))
        for number, on in enumerate(
            [
                [("IN", "India"), ("IN", "Desk 1")],
                [("IN", "Desk 2"), ("US", "United States")],
                [("IN", "India"), ("US", "United States")],
                [],
            ]
        )
    ]
    first = router(spaces[0], decks={"plivo": decks[0]}, plans=[plan()])
    expected = {
        (space.id, one.digest): answers(first.with_workspace(space).with_decks({"plivo": one}))
        for space in spaces
        for one in decks
    }
    holder = Holder(first)

    def look() -> tuple[str, str]:
        asked = holder.router
        snapshot = asked.workspace.id, asked.decks["plivo"].digest
        given = answers(asked)
        assert given == expected[snapshot]
        assert {digest for digest in map(digest_of, given) if digest} <= {snapshot[1]}
        return snapshot

    with watched(look) as watchers:
        for turn in range(SWAPS):
            if turn % 2:
                holder.router = holder.router.with_workspace(spaces[turn // 2 % len(spaces)])
            else:
                holder.router = holder.router.with_decks({"plivo": decks[turn // 2 % len(decks)]})
            if turn % 100 == 0:  # another deck each time
                watchers.look()
    assert len(watchers.seen) > 1
    counted(SWAPS, "swaps")


def answers(asked: Router) -> list[Decision]:
    return [asked.outbound(number, OWN) for number in NUMBERS]


def digest_of(decision: Decision) -> str | None:
    return decision.deck_digest if isinstance(decision, Allowed | Refused) else None


def test_r50_one_router_asked_by_many_prices_alike() -> None:
    asked = router(workspace(billing_plan="growth"), plans=[plan()])
    alone = answers(asked)
    fresh = router(workspace(billing_plan="growth"), plans=[plan()])
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: answers(fresh), range(200)))
    assert all(one == alone for one in given)
