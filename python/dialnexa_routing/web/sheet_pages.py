"""A rate sheet that somebody brings: what it holds and leaves open, and how it differs from another."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import HTMLResponse

from dialnexa_routing.text.errors import ConfigError, RoutingError
from dialnexa_routing.text.html import Markup
from dialnexa_routing.web.asked import AtDesk, Genuine, moment
from dialnexa_routing.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Iterator


router = APIRouter(include_in_schema=False)
MAX_BYTES = 32 << 20
_CHUNK = 1 << 20
_OPTIONS = ("format", "provider", "currency", "inr_per_unit", "inr_on", "timezone", "dates", "pulse", "unit")


@router.get("/workspaces/{workspace}/sheet", name="sheet")
def sheet(request: Request, desk: AtDesk, workspace: str) -> HTMLResponse:
    """The form."""
    return _shown(request, desk, workspace)


@router.post("/workspaces/{workspace}/sheet", name="sheet_report", dependencies=[Genuine])
def sheet_report(
    request: Request,
    desk: AtDesk,
    workspace: str,
    file: Annotated[UploadFile, File()],
    old: Annotated[UploadFile | None, File()] = None,
    calls: Annotated[UploadFile | None, File()] = None,
    options: Annotated[str, Form()] = "",
    at: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """A sheet's report; with an older sheet what changed, and with calls what that is in rupees."""
    from dialnexa_routing.records.call_records import CallRecords
    from dialnexa_routing.sheets.sheet import RateSheet

    report = changes = impact = None
    sentence = ""
    try:
        when = moment(at) or desk.now()
        said = _options(options)
        with _kept(file) as path:
            new = RateSheet.read(path, **said)
            report = Markup(new.report(at=when).html())
            if old is not None and old.filename:
                with _kept(old) as before:
                    compared = RateSheet.read(before, **said).diff(new, at=when)
                changes = Markup(compared.html())
                if calls is not None and calls.filename:
                    with _kept(calls) as rows:
                        read = CallRecords.read(rows, direction="outbound").rows
                        impact = Markup(compared.impact(read).html())
    except RoutingError as error:
        sentence = str(error)
    return _shown(
        request,
        desk,
        workspace,
        report=report,
        changes=changes,
        impact=impact,
        sentence=sentence,
        options=options,
        at=at,
        status=422 if sentence else 200,
    )


def _options(text: str) -> dict[str, Any]:
    """Arguments of reading, one a line as ``currency=USD``; ``columns.X=HEADER`` names a column.

    Raises `ConfigError` for one that is none.
    """
    given: dict[str, Any] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, value = (part.strip() for part in line.partition("="))
        column = name.removeprefix("columns.")
        if not equals or not value or (column == name and name not in _OPTIONS):
            known = ", ".join((*_OPTIONS, "columns.NAME"))
            raise ConfigError(f"{line!r} is no option of reading; write one a line, as currency=USD: {known}")
        if column != name:
            given.setdefault("columns", {})[column] = value
        else:
            given[name] = value
    return given


@contextmanager
def _kept(upload: UploadFile) -> Iterator[Path]:
    """An upload as a file, under a name of ours with its suffix, until it has been read.

    Raises `ConfigError` for one of more than `MAX_BYTES`.
    """
    suffix = "".join(part for part in Path(upload.filename or "").suffix if part.isascii() and part.isalnum())
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / f"upload.{suffix.lower() or 'csv'}"
        with path.open("wb") as written:
            while block := upload.file.read(_CHUNK):
                if written.tell() + len(block) > MAX_BYTES:
                    raise ConfigError(f"the file is larger than {MAX_BYTES >> 20} MB; read it from Python")
                written.write(block)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _shown(request: Request, desk: AtDesk, workspace: str, *, status: int = 200, **more: Any) -> HTMLResponse:
    nothing = dict.fromkeys(("report", "changes", "impact")) | dict.fromkeys(
        ("sentence", "options", "at"), ""
    )
    return page(
        request,
        "sheet.html",
        status,
        seen=desk.seen(workspace),
        max_mb=MAX_BYTES >> 20,
        tab="sheet",
        **(nothing | more),
    )
