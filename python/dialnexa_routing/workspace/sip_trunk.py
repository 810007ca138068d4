"""The customer's own SIP trunk (R28)."""

from __future__ import annotations

import ipaddress
import re
from enum import StrEnum
from typing import Self

from pydantic import SecretStr, field_validator, model_validator

from dialnexa_routing.files.document_model import E164, Model, Name

_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?")
_DIGITS_AND_DOTS = re.compile(r"[0-9.]+")
_PORT = re.compile(r"[0-9]{1,5}")


class TrunkAuthentication(StrEnum):
    """How the carrier knows us."""

    USERPASS = "userpass"
    """By user name and password, both."""
    IP = "ip"
    """By the address we call from; there is no password."""


class SipTrunk(Model):
    """A carrier's termination for one number. Errors name the field and never a secret."""

    number: E164
    """The workspace number whose calls it carries, with plus; one trunk a number."""
    termination: str
    """``host`` or ``host:port`` without a scheme: IPv4, IPv6 in brackets, or a name."""
    nickname: str = ""
    """For people."""
    authentication: TrunkAuthentication = TrunkAuthentication.USERPASS
    """How the carrier knows us; decides whether user name and password are needed."""
    username: Name | None = None
    """Needed with ``userpass``, refused with ``ip``."""
    password: SecretStr | None = None
    """Likewise; shown as stars, but in a dump with `Secrets.REVEALED`."""

    @field_validator("termination")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        if "://" in value or re.match(r"sips?:", value, re.IGNORECASE):
            raise ValueError(
                "termination has a scheme; write host or host:port alone, as sip.example.com:5060"
            )
        host, port = _split(value)
        if port is not None and not (_PORT.fullmatch(port) and 1 <= int(port) <= 65535):
            raise ValueError("the port of termination is not 1 to 65535")
        if not _is_host(host):
            raise ValueError(
                "termination is no host; write an IPv4 address, an IPv6 address in brackets, or a DNS name"
            )
        return value

    @field_validator("password")
    @classmethod
    def _is_no_mask(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().strip("*"):
            raise ValueError("password is empty or all stars, as a dump shows it; give the password itself")
        return value

    @model_validator(mode="after")
    def _has_what_its_authentication_takes(self) -> Self:
        given = [name for name in ("username", "password") if getattr(self, name) is not None]
        if self.authentication is TrunkAuthentication.IP and given:
            raise ValueError(f"authentication by ip takes no {' and no '.join(given)}; leave them out")
        if self.authentication is TrunkAuthentication.USERPASS and len(given) < 2:
            missing = [name for name in ("username", "password") if name not in given]
            raise ValueError(f"authentication by userpass needs a {' and a '.join(missing)}")
        return self


def _split(value: str) -> tuple[str, str | None]:
    """Host and port; the host of an IPv6 address keeps its brackets."""
    if value.startswith("["):
        host, bracket, rest = value.partition("]")
        return host + bracket, None if not rest else rest.removeprefix(":") if rest.startswith(":") else ""
    host, colon, port = value.partition(":")
    return host, port if colon else None


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return host.endswith("]") and _is_address(host[1:-1], ipaddress.IPv6Address)
    if _DIGITS_AND_DOTS.fullmatch(host):
        return _is_address(host, ipaddress.IPv4Address)
    return len(host) <= 253 and _NAME.fullmatch(host) is not None


def _is_address(text: str, kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address]) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return text.isascii() and "%" not in text
