"""``serve`` as a process: the address it prints, what it answers there, and what it refuses."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx2
import pytest

from hangs import HANG_S
from web_desk import deck

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("uvicorn")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dialnexa_routing", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=HANG_S, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="it is ended by a signal")
def test_it_prints_an_address_that_a_browser_opens(tmp_path: Path) -> None:
    deck().save(tmp_path / "small.deck")
    config = tmp_path / "serve.toml"
    config.write_text('[decks]\nplivo = "small.deck"\n')
    command = [sys.executable, "-m", "dialnexa_routing", "serve", str(config), "--port", "0", "--who", "asha"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        try:
            address = served.stdout.readline().strip()
            place, _, token = address.partition("/?token=")
            assert len(token) >= 32
            with httpx2.Client(base_url=place, follow_redirects=True, timeout=HANG_S) as client:
                assert client.get("/").status_code == 401
                assert "asha" not in client.get(f"/?token={token}").text
                assert client.get("/api/health").json()["decks"][0]["provider"] == "plivo"
                assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
        finally:
            served.send_signal(signal.SIGINT)
            served.wait(HANG_S)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "there is no deck to show"),
        ("decks = 3", "decks is 3"),
        ("deck = {}", "'deck' is no key there"),
        ("decks = {", "cannot be read as TOML"),
        ('[decks]\nplivo = "gone.deck"', "gone.deck"),
    ],
)
def test_a_file_that_cannot_be_served_is_one_sentence(tmp_path: Path, written: str, words: str) -> None:
    config = tmp_path / "serve.toml"
    config.write_text(written)
    ended = run(str(config))
    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_deck_without_a_provider_is_refused(tmp_path: Path) -> None:
    deck().save(tmp_path / "small.deck")
    ended = run("--deck", str(tmp_path / "small.deck"))
    assert ended.returncode == 2
    assert "write it as plivo=plivo.deck" in ended.stderr
