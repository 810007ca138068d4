"""Options that several verbs have, in one table: put in the place of one parameter of the verb."""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any


def in_place_of(
    parameter: str, table: Mapping[str, tuple[Any, Any]], becomes: Callable[[dict[str, Any]], Any]
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Gives a verb the options of a table where it has one parameter.

    Args:
        parameter: its name in the verb.
        table: annotation and default of each option, by its name.
        becomes: what the verb gets in place of all of them.
    """

    def given_to(verb: Callable[..., int]) -> Callable[..., int]:
        @wraps(verb)
        def told(**given: Any) -> int:
            said = {name: given.pop(name) for name in table}
            return verb(**given, **{parameter: becomes(said)})

        made: list[Parameter] = []
        for one in signature(verb).parameters.values():
            if one.name == parameter:
                made += [
                    Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=option)
                    for name, (option, default) in table.items()
                ]
            else:
                made.append(one.replace(kind=Parameter.KEYWORD_ONLY))
        told.__signature__ = Signature(made, return_annotation=int)  # type: ignore[attr-defined]
        told.__annotations__ = {one.name: one.annotation for one in made}
        return told

    return given_to
