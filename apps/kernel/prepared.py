"""
Queries that are put into SQL once.

Building a queryset with many joins and putting it into SQL takes the ORM longer than PostgreSQL needs to answer it. On
the few paths where that counts, a query is built once in a process, with a ``Parameter`` where a value will stand:

    @prepared
    def _prices(is_regional: bool) -> QuerySet[Price]:
        at = Parameter("at", DateTimeField())
        prices = Price.objects.filter(among_ids("product", "products"), valid__contains=at)
        return prices.filter(region=Parameter("region", TextField())) if is_regional else prices

    rows = _prices(region is not None)(products=[1, 2], at=now, region=region)

What the arguments of the function decide is the shape of the query, and there are few shapes; values are no arguments.
"""

import copy
import functools
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, BooleanField, Expression, F, Field, Func, Model, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)
Shape = ParamSpec("Shape")


class Parameter(Expression):
    """Where a value will stand, by name; psycopg adapts the value as it comes."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """Return the place and, in the place of its value, itself."""
        return "%s", [self]


def among(column: str, values: Expression) -> Func:
    """Return the condition that a column equals one of an array's values: ``IN``, for however many of them."""
    return Func(F(column), values, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


def among_ids(column: str, name: str) -> Func:
    """Return the condition that a column is one of a list of ids, the parameter of that name."""
    return among(column, Parameter(name, ArrayField(BigIntegerField())))


class Prepared(Generic[M]):
    """A query in SQL; call it with the values of its parameters for a queryset that is ready to be iterated."""

    def __init__(self, queryset: QuerySet[M]) -> None:
        self._model = queryset.model
        self._iterable_class = queryset._iterable_class
        self._compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self._sql, self._parameters = self._compiler.as_sql()

    def __call__(self, **values: Any) -> QuerySet[M]:
        """
        Return the query's rows, asked for when they are iterated; they cannot be filtered any further.

        :raises KeyError: if a parameter got no value
        """
        bound = tuple(values[one.name] if isinstance(one, Parameter) else one for one in self._parameters)
        rows: QuerySet[M] = QuerySet(self._model, query=cast(Query, _Bound(self._compiler, self._sql, bound)))
        rows._iterable_class = self._iterable_class
        return rows


def prepared(build: Callable[Shape, QuerySet[M]]) -> Callable[Shape, Prepared[M]]:
    """Keep the query that a function builds, one for each set of its arguments."""

    kept: dict[Any, Prepared[M]] = {}

    @functools.wraps(build)
    def keep(*shape: Shape.args, **named: Shape.kwargs) -> Prepared[M]:
        key = (shape, tuple(named.items()))
        if key not in kept:
            kept[key] = Prepared(build(*shape, **named))
        return kept[key]

    return keep


class _Bound:
    """What a queryset asks for its SQL: the compiler that wrote it, which now knows the values."""

    def __init__(self, compiler: SQLCompiler, sql: str, values: tuple[Any, ...]) -> None:
        self._compiler, self._sql, self._values = compiler, sql, values

    def get_compiler(self, using: str) -> SQLCompiler:
        """Return a compiler of this question's own: threads ask at the same time, each on its connection."""
        compiler = copy.copy(self._compiler)
        compiler.using, compiler.connection = using, connections[using]
        vars(compiler)["as_sql"] = lambda *_, **__: (self._sql, self._values)
        return compiler
