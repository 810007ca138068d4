"""``serve``: Telephony Config in a browser, on this machine."""

import getpass
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import terminal
from dialnexa_routing.cli.cli_reading import deck_or_book
from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.files.toml_text import toml_data
from dialnexa_routing.text.errors import ConfigError

if TYPE_CHECKING:
    from dialnexa_routing.deck.rates import Rates

MAX_BYTES = 1 << 20
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    config: Annotated[
        Path | None,
        typer.Argument(
            metavar="[CONFIG]",
            exists=True,
            dir_okay=False,
            help="A TOML file with store, decks by provider, and plans; none is a demo in memory.",
        ),
    ] = None,
    deck: Annotated[
        list[str] | None,
        typer.Option(metavar="PROVIDER=FILE", help="A deck or a book of decks; once for each provider."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")
    ] = 8420,
    who: Annotated[
        str | None, typer.Option(help="Who switches; the user of this machine, if not named.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(envvar="DIALNEXA_ROUTING_TOKEN", help="What callers must know; made up, if not named."),
    ] = None,
) -> int:
    """Serve Telephony Config and its API to a browser, until it is interrupted.

    It prints the address with the token once; the browser keeps a cookie. Without CONFIG the workspace is
    invented and kept in memory.
    """
    try:
        import uvicorn

        from dialnexa_routing.store import ConfigStore
        from dialnexa_routing.web import application
        from dialnexa_routing.web.demo import demo_store
    except ModuleNotFoundError as error:
        raise ConfigError(str(error) if "dialnexa-routing[" in str(error) else _MISSING) from error
    from dialnexa_routing.plans.billing_plan import BillingPlan

    written = {} if config is None else _config(config)
    decks = _decks(written.get("decks", {}), deck or [])
    if not decks:
        raise ConfigError(
            "there is no deck to show; name one by --deck PROVIDER=FILE, or in CONFIG under [decks]"
        )
    base = Path() if config is None else config.parent
    at = datetime.now(UTC)
    place = written.get("store")
    store = demo_store(decks, at) if place is None else ConfigStore(_place(base, place))
    plans = [BillingPlan.load(base / name) for name in written.get("plans", [])]
    key = token or secrets.token_urlsafe(24)
    name = who or getpass.getuser()
    app = application(
        store,
        decks,
        plans=plans,
        who=lambda request: name,
        now=lambda: datetime.now(UTC),
        token=key,
        hosts=[*_LOOPBACK, "[::1]"] if host in _LOOPBACK else None,
    )
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_level="warning", server_header=False)
    )
    bound = server.config.bind_socket()
    bound.listen()  # before the address is printed, so that who reads it is not refused
    shown = f"[{host}]" if ":" in host else host
    terminal.out().print(
        f"http://{shown}:{bound.getsockname()[1]}/?token={key}", soft_wrap=True, highlight=False, markup=False
    )
    server.run(sockets=[bound])
    return 0


_MISSING = "serve needs more packages; install them with: pip install 'dialnexa-routing[web,store]'"
_KEYS = {"store": str, "decks": dict, "plans": list}


def _config(path: Path) -> dict[str, Any]:
    """What a file of `serve` states. Raises `ConfigError` with the key that is none, or of another type."""
    try:
        written = toml_data(read_whole(path, MAX_BYTES, ConfigError).decode())
    except ValueError as error:
        raise ConfigError(f"{path} cannot be read as TOML ({error}): correct it") from error
    for key, value in written.items():
        if key not in _KEYS:
            raise ConfigError(f"{path}: {key!r} is no key there; there are {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            raise ConfigError(f"{path}: {key} is {value!r}; write it as {_KEYS[key].__name__}")
    base = path.parent
    written["decks"] = {name: str(base / str(file)) for name, file in written.get("decks", {}).items()}
    return written


def _place(base: Path, place: str) -> str:
    return place if "://" in place else str(base / place)


def _decks(named: dict[str, str], options: list[str]) -> "dict[str, Rates]":
    """The deck of each provider, opened."""
    files = dict(named)
    for option in options:
        provider, equals, file = option.partition("=")
        if not (provider and equals and file):
            raise ConfigError(f"--deck is {option!r}; write it as plivo=plivo.deck")
        files[provider] = file
    return {provider: deck_or_book(Path(file)) for provider, file in files.items()}
