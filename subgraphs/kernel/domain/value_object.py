"""Values without identity."""


class ValueObject:
    """Marks a frozen dataclass whose equality is that of its fields.

    A value object with rules has a class method (`parse`, `of`) that returns a Result; whoever holds an
    instance holds a valid one.
    """

    __slots__ = ()
