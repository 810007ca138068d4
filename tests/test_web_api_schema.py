"""The API against its own OpenAPI document: what fits is answered as it says, what does not is refused."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import settings

from web_desk import TOKEN, made

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

APP, STORE = made()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    SCHEMA = schemathesis.openapi.from_asgi(
        "/api/openapi.json", APP, headers={"authorization": f"Bearer {TOKEN}"}
    )


@SCHEMA.parametrize()  # type: ignore[untyped-decorator]
@settings(max_examples=15, deadline=None)
def test_every_answer_is_one_of_the_document(case: Any) -> None:
    case.call_and_validate(headers={"authorization": f"Bearer {TOKEN}"})
