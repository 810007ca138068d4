"""A path holds the old deck or the new one, whole, whatever happens while it is saved."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import dialnexa_routing
from counts import counted, times
from decks import INDIA, deck_of
from dialnexa_routing import RateDeck

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(dialnexa_routing.__file__).parents[1])}

SAVER = """
import itertools, sys
from dialnexa_routing import RateDeck
path, *others = sys.argv[1:]
decks = [RateDeck.open(other) for other in others]
for turn in itertools.count():
    if turn < 3:  # nobody reads more, and a full pipe would make it wait
        print("saving", flush=True)
    decks[turn % 2].save(path)
"""


def test_saved_and_opened_is_the_same(tmp_path: Path) -> None:
    deck = deck_of(INDIA)
    for path in (tmp_path / "a.deck", str(tmp_path / "b.deck"), tmp_path / "ünïcode ₹.deck"):
        deck.save(path)
        assert RateDeck.open(path) == deck
        assert Path(path).read_bytes() == deck.to_bytes()
    assert len(list(tmp_path.iterdir())) == 3


def test_a_path_without_a_folder_is_in_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    deck_of(INDIA).save("here.deck")
    assert RateDeck.open("here.deck") == deck_of(INDIA)


def test_killed_at_any_moment_it_leaves_an_old_or_a_new_deck(tmp_path: Path) -> None:
    # Large enough that most of the time goes into writing.
    many = [{"prefix": str(prefix), "network_group": f"g{prefix}"} for prefix in range(100_000, 130_000)]
    decks = [deck_of(many[step:], keep_redundant=True) for step in (0, 1)]
    others = [tmp_path / f"source-{step}" for step in (0, 1)]
    folder = tmp_path / "live"
    folder.mkdir()
    for deck, other in zip(decks, others, strict=True):
        deck.save(other)
    dice, digests = random.Random(7), {deck.digest for deck in decks}
    command = [sys.executable, "-c", SAVER, str(folder / "live.deck"), *map(str, others)]
    seen = set()
    for turn in range(times(30, 1000)):
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT) as saver:
            assert saver.stdout is not None
            # Within the first, second or third save, once so many bytes of it are in the folder.
            for _ in range(1 + turn % 3):
                assert saver.stdout.readline() == b"saving\n"
            until_drafted(folder, dice.randrange(len(decks[0].to_bytes())), saver)
            saver.send_signal(signal.SIGKILL)
        if (folder / "live.deck").exists():
            seen.add(RateDeck.open(folder / "live.deck").digest)  # verified against every byte
    assert seen
    assert seen <= digests
    counted(times(30, 1000), "kills")


def until_drafted(folder: Path, size: int, saver: subprocess.Popen[bytes]) -> None:
    """Look until a file that is being written has `size` bytes; an earlier kill may have left some."""
    old = drafts(folder)
    while not any(found >= size for name, found in drafts(folder).items() if name not in old):
        assert saver.poll() is None, "it saves until it is killed"


def drafts(folder: Path) -> dict[str, int]:
    found = {}
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # renamed by now
            found[path.name] = path.stat().st_size
    found.pop("live.deck", None)
    return found


def test_a_missing_folder_is_file_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        deck_of(INDIA).save(tmp_path / "missing" / "x.deck")


def test_what_cannot_be_saved_leaves_the_old_one(tmp_path: Path) -> None:
    old, new = deck_of(INDIA), deck_of(INDIA[:2])
    with pytest.raises(OSError, match="missing"):
        new.save(tmp_path / "missing" / "x.deck")
    with pytest.raises(OSError, match="directory"):
        new.save(tmp_path)
    path = tmp_path / "old.deck"
    old.save(path)
    with pytest.raises(OSError, match=r"x\.deck"):
        new.save(path / "x.deck")
    assert RateDeck.open(path) == old
    assert [file.name for file in tmp_path.iterdir()] == ["old.deck"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_leaves_the_old_one(tmp_path: Path) -> None:
    old, new = deck_of(INDIA), deck_of(INDIA[:2])
    old.save(tmp_path / "old.deck")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OSError, match=r"old\.deck"):
            new.save(tmp_path / "old.deck")
        assert RateDeck.open(tmp_path / "old.deck") == old
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a small file size limit of the system")
def test_a_full_disk_leaves_the_old_one(tmp_path: Path) -> None:
    """A file size limit stands for the full disk: the write ends in the middle."""
    old = deck_of(INDIA)
    many = deck_of([{"prefix": str(prefix), "outbound_rate": prefix} for prefix in range(10_000, 30_000)])
    old.save(tmp_path / "old.deck")
    many.save(tmp_path / "source")
    script = (
        "import resource, signal, sys\n"
        "from dialnexa_routing import RateDeck\n"
        "deck = RateDeck.open(sys.argv[1])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))\n"
        "try:\n    deck.save(sys.argv[2])\nexcept OSError as error:\n    print(error)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "source"), str(tmp_path / "old.deck")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    assert "old.deck" in done.stdout
    assert RateDeck.open(tmp_path / "old.deck") == old
    assert sorted(file.name for file in tmp_path.iterdir()) == ["old.deck", "source"]


def test_what_a_killed_save_left_is_removed_by_a_later_one(tmp_path: Path) -> None:
    now = (tmp_path.stat().st_mtime_ns // 10**9) * 10**9
    names = (".deck-a1B2c3", ".deck-zzzzzz", ".deck-another", "deck-a1B2c3", ".deck-a1B2c3.txt")
    for name in names:
        (tmp_path / name).write_bytes(b"half a deck")
        os.utime(tmp_path / name, ns=(now, now - 2 * 86_400 * 10**9))
    (tmp_path / ".deck-new123").write_bytes(b"somebody is writing this")
    (tmp_path / ".deck-folder").mkdir()
    (tmp_path / ".deck-lnk123").symlink_to(tmp_path / "deck-a1B2c3")
    deck_of(INDIA).save(tmp_path / "a.deck")
    assert {path.name for path in tmp_path.iterdir()} == {
        *names[2:],
        ".deck-new123",
        ".deck-folder",
        ".deck-lnk123",
        "a.deck",
    }
