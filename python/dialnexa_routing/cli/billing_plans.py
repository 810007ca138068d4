"""Billing plans as options: one for all records, or each record's own."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.errors import ConfigError

if TYPE_CHECKING:
    from dialnexa_routing.files.model_files import Document
    from dialnexa_routing.plans.billing_plan import BillingPlan

    Kind = TypeVar("Kind", bound=Document)

_PANEL = "Billing plans"


def _option(words: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=words, rich_help_panel=_PANEL, **more)


Plan = Annotated[
    Path | None,
    _option("A plan for all records, or a folder of its versions; in place of the deck's own terms."),
]
Plans = Annotated[
    list[Path] | None,
    _option("A plan, or a folder of plans, of which each record names its own; may be repeated."),
]
Workspaces = Annotated[
    list[Path] | None,
    _option("A workspace, or a folder of them: records name these, and these their plans."),
]
PlanColumn = Annotated[str, _option("Ids of plans.", metavar="COLUMN")]
WorkspaceColumn = Annotated[str, _option("Ids of workspaces.", metavar="COLUMN")]
AgentKind = Annotated[str, _option("A column, or cascaded or speech_to_speech for all rows.")]
CallPath = Annotated[str, _option("A column, or pstn, sip_trunk or webrtc for all rows.", "--path")]
Voicemail = Annotated[str, _option("A column that is true where a machine answered.", metavar="COLUMN")]


def rating(
    meaning: Semantics,
    *,
    plan: Path | None,
    plans: list[Path] | None,
    workspaces: list[Path] | None,
    plan_column: str,
    workspace_column: str,
    **columns: str,
) -> dict[str, Any]:
    """How records are counted, as arguments of `records.rate`: by the plans, or without any by `meaning`.

    Raises:
        ConfigError: a document is not as it should be, or a folder has none.
    """
    asked = {"plan_column": plan_column, "workspace_column": workspace_column, **columns}
    if plan is None and not plans:
        if workspaces:
            raise typer.BadParameter(
                "workspaces name plans: give the plans with --plans", param_hint="--workspaces"
            )
        _refuse(asked, "only plans ask for it: give them with --plan or --plans")
        return {"semantics": meaning}
    option = "--plans" if plan is None else "--plan"
    if meaning != Semantics():
        raise typer.BadParameter(
            "a plan says itself how it counts; leave --pulse and the like out", param_hint=option
        )
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.workspace.workspace import Workspace

    if plan is not None:
        if plans or workspaces:
            raise typer.BadParameter(
                "it is one plan for all records; leave --plans and --workspaces out", param_hint=option
            )
        _refuse(dict(list(asked.items())[:2]), "it is one plan for all records: leave it out")
        versions = loaded(BillingPlan, [plan])
        return columns | {"plan": versions[0] if len(versions) == 1 else versions}
    named: dict[str, Any] = columns | {"plans": loaded(BillingPlan, plans)}
    if workspaces:
        _refuse({"plan_column": plan_column}, "workspaces name the plans: leave it out")
        return named | {"workspaces": loaded(Workspace, workspaces), "workspace": workspace_column}
    _refuse({"workspace_column": workspace_column}, "records name plans here: give --workspaces as well")
    return named | {"plan": plan_column}


def _refuse(asked: Mapping[str, str], words: str) -> None:
    """Raise for options that would be ignored: those that differ from what they are when left out."""
    for name, value in asked.items():
        if value != name.removesuffix("_column"):
            raise typer.BadParameter(words, param_hint=f"--{name.replace('_', '-')}")


def plans_of(rating: Mapping[str, Any]) -> "tuple[BillingPlan, ...]":
    """The plans among the arguments that `rating` gave."""
    if "semantics" in rating:
        return ()
    found = rating["plans"] if "plans" in rating else rating["plan"]
    return found if isinstance(found, tuple) else (found,)


def loaded(kind: "type[Kind]", paths: "Iterable[Path] | None") -> "tuple[Kind, ...]":
    """Documents in files and folders, by name."""
    files: list[Path] = []
    for path in paths or ():
        if not path.is_dir():
            files.append(path)
            continue
        found = sorted(file for file in path.iterdir() if file.suffix.lower() in (".json", ".toml"))
        if not found:
            raise ConfigError(f"{path} holds no .json or .toml file; name the folder of the documents")
        files += found
    return tuple(kind.load(file) for file in files)
