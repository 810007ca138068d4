"""What a job has done: a file of JSON in its output folder, the same bytes for the same work.

No time, process or machine stands in it. It is replaced as a whole, so that whoever reads it sees what
was true before or after.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.job.durable import write_text
from dialnexa_routing.money.exact import total
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
MAX_BYTES = 1 << 30
NAME = "manifest.json"


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
    bytes: int
    sha256: str
    rows: int
    rated: int
    refused: dict[str, int]
    rejected: dict[str, int]
    billed_seconds: int
    charge: str
    output: str
    output_sha256: str
    rejects: str
    rejects_sha256: str


@dataclass
class JobManifest:
    """The state of a job.

    Attributes:
        settings: what the files were rated with; secrets and plans as digests.
        done: the finished files by name.
        failed: why a file is not, by name.
        complete: whether all files were tried and the totals are written.
    """

    settings: dict[str, Any]
    done: dict[str, JobEntry] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    complete: bool = False

    @classmethod
    def read(cls, folder: Path) -> JobManifest | None:
        """The manifest of an output folder, or None if there is none.

        Raises:
            RecordError: it is damaged, or of another version.
        """
        path = folder / NAME
        try:
            plain = json.loads(read_whole(path, MAX_BYTES))
            found = plain["format"]
            if found == FORMAT:
                done = {one["name"]: JobEntry(**one) for one in plain["files"]}
                return cls(plain["settings"], done, plain["failed"], plain["complete"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise RecordError(
                f"{path} is damaged ({error}); restart the job, or name another folder"
            ) from error
        raise RecordError(
            f"{path} has format {found!r}, not {FORMAT}; restart the job, or use the version that wrote it"
        )

    def write(self, folder: Path) -> None:
        """Put it into an output folder, whole or not at all."""
        plain = {
            "format": FORMAT,
            "complete": self.complete,
            "settings_sha256": digest_of(self.settings),
            "settings": self.settings,
            "totals": self.totals(),
            "files": [asdict(self.done[name]) for name in sorted(self.done)],
            "failed": dict(sorted(self.failed.items())),
        }
        write_text(folder / NAME, json.dumps(plain, ensure_ascii=False, indent=1) + "\n")

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
