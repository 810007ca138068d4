#!/usr/bin/env bash
# The calls since midnight in India: the client for Twilio writes the hours of any zone and ends them with Z.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install twilio==9.13.0
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client


class Kept(TwilioHttpClient):
    """Sends nothing: keeps what would be asked, answers with a page of no calls."""

    def request(self, method, url, params=None, *args, **kwargs):
        self.params = params
        return Response(200, '{"calls": [], "page": 0, "page_size": 50, "next_page_uri": null}')


kept = Kept()
since = datetime(2026, 1, 31, tzinfo=ZoneInfo("Asia/Kolkata"))
Client("AC" + "0" * 32, "invented", http_client=kept).calls.list(start_time_after=since)
asked = kept.params["StartTime>"]
print(f"twilio {version('twilio')}: calls that began after {since.isoformat()}")
print(f"expected {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}, asked for {asked}")
sys.exit(datetime.fromisoformat(asked) == since)
PYTHON
