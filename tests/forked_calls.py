"""A process that forks beside the threads of Polars; prints what its children could do. See `test_fork`."""

from __future__ import annotations

import json
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialnexa_routing import ForkError, RateDeck
from dialnexa_routing.text import forked

if TYPE_CHECKING:
    from collections.abc import Callable

warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 wants no fork beside threads
MOBILE = "+919812345678"


def in_child(work: Callable[[], Any]) -> Any:
    """What `work` gives in a forked process, as JSON."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            made = json.dumps(work())
        except BaseException as error:
            made = json.dumps(f"{type(error).__name__}: {error}")
        os.write(write, made.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        answer = json.loads(told.read())
    os.waitpid(child, 0)
    return answer


def scalars(deck: RateDeck) -> list[str]:
    charge = deck.rate(MOBILE, 61)
    match = deck.match(MOBILE)
    assert match is not None
    assert str(charge.total) in str(deck.explain(MOBILE, seconds=61))
    return [match.network_group, str(charge.total)]


def frames(deck: RateDeck, folder: Path) -> dict[str, Callable[[], Any]]:
    """Every face of frames, with frames that were made before the fork."""
    import polars as pl

    from dialnexa_routing import RatingJob, Router, Workspace, billing, records
    from dialnexa_routing.records.call_records import CallRecords
    from dialnexa_routing.sheets import RateSheet

    calls = pl.DataFrame({"to": [MOBILE], "seconds": [61]})
    sheet = RateSheet.read(folder / "a.csv")
    rated = records.rate(calls, deck=deck)
    router = Router(workspace=Workspace(id="acme"), decks={})
    job = RatingJob(inputs=folder / "calls.csv", output=folder / "out", deck=deck)
    return {
        "rate": lambda: records.rate(calls, deck=deck),
        "rated": lambda: records.rated(deck),
        "match a series": lambda: deck.match(calls["to"]),
        "match an expression": lambda: deck.match(pl.col("to")),
        "compile": lambda: RateDeck.compile(calls),
        "rows": deck.rows,
        "read a sheet": lambda: RateSheet.read(folder / "a.csv"),
        "look at a sheet": lambda: RateSheet.look(folder / "a.csv"),
        "compile a sheet": sheet.compile,
        "report": sheet.report,
        "diff": lambda: sheet.diff(sheet),
        "write": lambda: sheet.write(folder / "b.csv"),
        "call records": lambda: CallRecords.read(folder / "calls.csv"),
        "look at records": lambda: CallRecords.look(folder / "calls.csv"),
        "screen": lambda: router.screen(calls, source=MOBILE),
        "job": job.run,
        "estimate": job.estimate,
        "plan of work": job.plan_of_work,
        "invoices": lambda: billing.invoices(rated, timezone="UTC"),
        "margin": lambda: billing.margin(calls, sell=deck, buy={"a": deck}),
        "reconcile": lambda: billing.reconcile(calls, calls, deck=deck),
        "drift": lambda: billing.drift(calls, deck=deck),
    }


def half_imported(deck_file: str) -> Any:
    """A child of a process in which another thread imports what a call needs."""
    from importlib.abc import MetaPathFinder

    name, begun, forks = "dialnexa_routing.money.semantics", threading.Event(), threading.Event()
    assert name not in sys.modules

    class Slow(MetaPathFinder):
        def find_spec(self, fullname: str, path: object, target: object = None) -> None:
            if fullname == "pydantic" and not begun.is_set():
                begun.set()
                forks.wait()

    sys.meta_path.insert(0, Slow())
    deck = RateDeck.open(deck_file)
    thread = threading.Thread(target=lambda: deck.rate(MOBILE, 61))
    thread.start()
    begun.wait()
    os.register_at_fork(before=forks.set)  # the last one that is registered comes first
    answer = in_child(lambda: str(deck.rate(MOBILE, 61).total))
    thread.join()
    return answer


def half_made(deck_file: str) -> Any:
    """A child of a process in which another thread makes its first amount."""
    import builtins

    inside, forks = threading.Event(), threading.Event()
    deck = RateDeck.open(deck_file)
    assert deck.match(MOBILE) is not None
    thread = threading.Thread(target=lambda: scalars(deck))
    usual = builtins.__import__

    def slow(name: str, *rest: Any) -> Any:
        if name == "decimal" and threading.current_thread() is thread and not inside.is_set():
            inside.set()
            forks.wait()
        return usual(name, *rest)

    import dialnexa_routing.money.semantics

    assert dialnexa_routing.money.semantics
    builtins.__import__ = slow  # type: ignore[assignment]
    thread.start()
    inside.wait()
    answer = in_child(lambda: scalars(deck))
    forks.set()
    thread.join()
    return answer


def main() -> None:
    how, deck_file, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if how in {"import", "amount"}:
        print(json.dumps({"import": half_imported, "amount": half_made}[how](deck_file)))
        return
    deck = RateDeck.open(deck_file)
    if how == "idle":
        import polars as pl  # and nothing of it is used before the fork

        from dialnexa_routing import records

        assert not forked.threads_run()
        frame = pl.DataFrame({"to": [MOBILE], "seconds": [61]})
        print(json.dumps(in_child(lambda: str(records.rate(frame, deck=deck)["charge"][0]))))
        return
    faces = frames(deck, Path(deck_file).parent)
    assert forked.threads_run()
    found: dict[str, Any] = {"scalars": [in_child(lambda: scalars(deck)) for _ in range(times)]}
    for name, call in faces.items():
        found[name] = in_child(lambda call=call: str(call()))  # type: ignore[misc]
    # A child of such a child has no threads either.
    found["rate in a grandchild"] = in_child(lambda: in_child(lambda: str(faces["rate"]())))
    try:
        faces["rate"]()  # where it was forked from, all is as before
    except ForkError as error:
        found["parent"] = str(error)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
