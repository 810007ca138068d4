"""What a job has done: a file of JSON in its output folder, the same bytes for the same work.

No time, process or machine stands in it. It is replaced as a whole, so that whoever reads it sees what
was true before or after, and it bears the digest of what it says, so that a changed one is not believed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.job.durable import write_text
from dialnexa_routing.money.exact import total
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 2
MAX_BYTES = 1 << 30
NAME = "manifest.json"
_LONGEST_NAME = 255

_Count = Annotated[int, Field(ge=0, lt=1 << 63)]
_Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_Amount = Annotated[str, Field(pattern=r"^-?[0-9]{1,38}(\.[0-9]{1,38})?$")]


def _short(path: str) -> str:
    """A path whose last part can be a name; the system would raise for a longer one whenever it is asked."""
    if len(path.rpartition("/")[2].encode()) > _LONGEST_NAME:
        raise ValueError("the name of a file is too long")
    return path


_FileName = Annotated[str, Field(pattern=r"^[^/\x00]+\.(parquet|csv|arrow)$"), AfterValidator(_short)]
_Rated = Annotated[str, Field(pattern=r"^rated/[^/\x00]+\.(parquet|csv|arrow)$"), AfterValidator(_short)]
_Rejects = Annotated[str, Field(pattern=r"^rejects/[^/\x00]+\.(parquet|csv|arrow)$"), AfterValidator(_short)]


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A file that is done; ``rows = rated + refused + rejected``, see `dialnexa_routing.job.rows`.

    Attributes:
        name: of the input, below the folder of inputs.
        bytes: of the input.
        sha256: of the input, as all digests here.
        rows: of the input.
        rated: rows with a charge.
        refused: rows by the reason why they have none.
        rejected: rows by the reason why they cannot be read.
        billed_seconds: of the rated rows.
        charge: INR, exact.
        output: the rated rows, below the output folder.
        output_sha256: of that file.
        rejects: the refused and the rejected rows, likewise.
        rejects_sha256: of that file.
    """

    name: str
    bytes: _Count
    sha256: _Digest
    rows: _Count
    rated: _Count
    refused: dict[str, _Count]
    rejected: dict[str, _Count]
    billed_seconds: _Count
    charge: _Amount
    output: _Rated
    output_sha256: _Digest
    rejects: _Rejects
    rejects_sha256: _Digest


@dataclass(frozen=True, slots=True)
class _Written:
    """The manifest as it stands in its file."""

    format: int
    complete: bool
    settings_sha256: _Digest
    settings: dict[str, Any]
    totals: dict[str, Any]
    files: list[JobEntry]
    begun: list[_FileName]
    failed: dict[str, str]
    digest: _Digest


@dataclass
class JobManifest:
    """The state of a job.

    Attributes:
        settings: what the files were rated with; secrets and plans as digests.
        done: the finished files by name.
        failed: why a file is not, by name.
        complete: whether all files were tried and the totals are written.
        begun: names of outputs that may be there in part, for their files are neither done nor failed.
    """

    settings: dict[str, Any]
    done: dict[str, JobEntry] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    complete: bool = False
    begun: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, folder: Path) -> JobManifest | None:
        """The manifest of an output folder, or None if there is none.

        Raises:
            RecordError: it is damaged, or of another version.
        """
        path = folder / NAME
        try:
            data = read_whole(path, MAX_BYTES)
        except FileNotFoundError:
            return None
        try:
            plain = json.loads(data)
            found = plain["format"]
            if found == FORMAT:
                return cls._believed(data, plain)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            is_other = isinstance(error, ValidationError | KeyError | TypeError)
            problem = "its fields are not those of a manifest" if is_other else error
            raise RecordError(
                f"{path} is damaged ({problem}); restart the job, or name another folder"
            ) from error
        raise RecordError(
            f"{path} has format {found!r:.40}, not {FORMAT}; restart the job, or use the version of it"
        )

    @classmethod
    def _believed(cls, data: bytes, plain: dict[str, Any]) -> JobManifest:
        """The manifest, if it is what was written. Raises `ValueError`, of which pydantic's is one."""
        if plain.pop("digest", None) != digest_of(plain):
            raise ValueError("its digest is not that of what it says")
        kept = TypeAdapter(_Written).validate_json(data, strict=True)
        done = {one.name: one for one in kept.files}
        made = cls(kept.settings, done, kept.failed, kept.complete, set(kept.begun))
        rows = all(
            one.rows == one.rated + sum(one.refused.values()) + sum(one.rejected.values())
            for one in kept.files
        )
        if not rows or len(done) != len(kept.files) or made.totals() != kept.totals:
            raise ValueError("its sums do not add up")
        return made

    def write(self, folder: Path) -> None:
        """Put it into an output folder, whole or not at all."""
        plain: dict[str, Any] = {
            "format": FORMAT,
            "complete": self.complete,
            "settings_sha256": digest_of(self.settings),
            "settings": self.settings,
            "totals": self.totals(),
            "files": [asdict(self.done[name]) for name in sorted(self.done)],
            "begun": sorted(self.begun),
            "failed": dict(sorted(self.failed.items())),
        }
        plain["digest"] = digest_of(plain)
        write_text(folder / NAME, json.dumps(plain, ensure_ascii=False, indent=1) + "\n")

    def counts(self) -> dict[str, Any]:
        """Files, rows and the charge of all that is done, for one line of a log."""
        names = ("files", "failed", "rows", "rated", "refused", "rejected", "charge")
        found = self.totals()
        return {name: found[name] for name in names}

    def totals(self) -> dict[str, Any]:
        """All finished files together; the amount as text."""
        refused: Counter[str] = Counter()
        rejected: Counter[str] = Counter()
        entries = self.done.values()
        for one in entries:
            refused.update(one.refused)
            rejected.update(one.rejected)
        return {
            "files": len(self.done) + len(self.failed),
            "failed": len(self.failed),
            "bytes": sum(one.bytes for one in entries),
            "rows": sum(one.rows for one in entries),
            "rated": sum(one.rated for one in entries),
            "refused": refused.total(),
            "rejected": rejected.total(),
            "refused_by_reason": dict(sorted(refused.items())),
            "rejected_by_reason": dict(sorted(rejected.items())),
            "billed_seconds": sum(one.billed_seconds for one in entries),
            "charge": f"{total(Decimal(one.charge) for one in entries):f}",
        }


def digest_of(plain: Any) -> str:
    """SHA-256 of plain data."""
    text = json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
