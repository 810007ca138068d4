"""A page of HTML printed to PDF: by a browser where one is installed, else by the library of the extra."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.text.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
)
"""Names under which a browser may be found that prints without a window."""
_TIMEOUT_S = 120


def browser() -> str | None:
    """The path of a browser that prints, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def print_pdfs(pages: Sequence[tuple[Path, Path]], *, with_browser: str | None = None) -> None:
    """Print pages, each from a file of HTML to a PDF beside which no draft stays.

    A PDF holds when it was made, so it is not the same bytes twice; what it shows is its page.

    Args:
        pages: HTML and PDF, file by file.
        with_browser: the browser's path; None looks for one, and takes WeasyPrint where there is none.

    Raises:
        ConfigError: there is neither; or the browser failed.
    """
    found = with_browser or browser()
    if found is None:
        _by_library(pages)
        return
    # Each run has a profile of its own, so that a window of the user's is never asked to print.
    with tempfile.TemporaryDirectory(prefix="dialnexa-print-") as profile:
        for html, pdf in pages:
            draft = Path(profile, "page.pdf")
            command = [
                found,
                "--headless",
                "--disable-gpu",
                "--no-first-run",
                f"--user-data-dir={profile}/user",
                "--no-pdf-header-footer",
                f"--print-to-pdf={draft}",
                html.resolve().as_uri(),
            ]
            if hasattr(os, "geteuid") and os.geteuid() == 0:
                command.insert(1, "--no-sandbox")  # which it refuses to have as root; the page is our own
            try:
                ended = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False)
            except (OSError, subprocess.TimeoutExpired) as error:
                raise ConfigError(f"{found} printed nothing ({error}); name another browser") from error
            if ended.returncode or not draft.is_file():
                said = ended.stderr.decode(errors="replace").strip().splitlines()
                raise ConfigError(f"{found} printed nothing: {said[-1] if said else ended.returncode}")
            with replacing(pdf) as file:
                file.write(draft.read_bytes())
            draft.unlink()


def _by_library(pages: Sequence[tuple[Path, Path]]) -> None:
    try:
        import weasyprint
    except ImportError:
        raise ConfigError(
            "a PDF takes a browser, or WeasyPrint: install one or dialnexa-routing[pdf], or leave pdf out"
        ) from None
    for html, pdf in pages:
        made = weasyprint.HTML(filename=str(html)).write_pdf()
        with replacing(pdf) as file:
            file.write(made)
