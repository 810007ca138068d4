"""What all models share: frozen, no unknown fields, no inputs in their errors."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from dialnexa_routing.files.model_errors import made
from dialnexa_routing.numbers.e164 import checked
from dialnexa_routing.text.errors import ConfigError

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)  # which pydantic has no public name for


class _Checked(ModelMetaclass):
    """Makes the constructor raise what the package raises; models within models stay pydantic's affair."""

    if not TYPE_CHECKING:  # which would take away what checkers know of each constructor

        def __call__(self, *positional, **fields):
            """The model of these fields. Raises `ConfigError`."""
            return made(self, lambda: super(_Checked, self).__call__(*positional, **fields), fields)


class Model(BaseModel, metaclass=_Checked):
    """Immutable once made; a change is a new model, and the old one stays valid (R23).

    Whatever is wrong with its fields is a `ConfigError`, which holds none of their values.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Has `help` describe the fields in front of the methods, in the words that stand under each."""
        super().__pydantic_init_subclass__(**kwargs)
        words = {name: field.description for name, field in cls.model_fields.items()}
        described = [f"    {name}: {' '.join(said.split())}" for name, said in words.items() if said]
        if described:
            cls.__doc__ = "\n".join([cleandoc(cls.__doc__ or ""), "", "Attributes:", *described])

    def changed(self, **fields: Any) -> Self:
        """A copy with these fields, checked as the model itself is."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(own | fields)

    @classmethod
    def model_validate(cls, obj: Any, **how: Any) -> Self:
        """The model of plain data, or of another model. Raises `ConfigError`."""
        return made(cls, lambda: cls.validated(obj, **how), obj)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **how: Any) -> Self:
        """The model in a JSON text. Raises `ConfigError`."""
        return made(cls, lambda: super(Model, cls).model_validate_json(json_data, **how), None)

    @classmethod
    def model_validate_strings(cls, obj: Any, **how: Any) -> Self:
        """The model of mappings and texts alone, as a query has them. Raises `ConfigError`."""
        return made(cls, lambda: super(Model, cls).model_validate_strings(obj, **how), obj)

    @classmethod
    def validated(cls, obj: Any, **how: Any) -> Self:
        """`model_validate` as pydantic has it, for those who report its errors themselves."""
        return super().model_validate(obj, **how)

    def __setattr__(self, name: str, value: Any) -> None:
        # Pydantic's own error would hold the value, also for a field that there is not.
        kind = type(self).__name__
        if name in type(self).model_fields:
            raise ConfigError(f"a {kind} is frozen; changed({name}=…) gives another one")
        if not name.startswith("_"):
            raise ConfigError(f"a {kind} is frozen, and has no field {name}")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        if not name.startswith("_"):
            raise ConfigError(f"a {type(self).__name__} is frozen; changed(…) gives another one")
        super().__delattr__(name)


E164 = Annotated[str, AfterValidator(checked)]
"""A number with its plus (R1)."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
"""An identifier or a title."""

Iso = Annotated[str, StringConstraints(pattern="^([A-Z]{2}|[0-9]{3})$")]
"""An ISO 3166 code; ``ZZ`` where a sheet names no country, ``001`` for services of no country."""

GroupName = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
"""A network group as its deck names it, to the letter."""

NO_COUNTRY = "ZZ"
"""Stands for the country of groups whose sheet names none; ISO 3166 leaves it to its users."""
