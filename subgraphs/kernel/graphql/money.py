"""Money as GraphQL types, the same in every subgraph."""

import strawberry

from subgraphs.kernel import domain
from subgraphs.kernel.domain import Currency, DomainError, Result, Success


@strawberry.federation.type(
    shareable=True,
    tags=["public"],
    description="An amount in the currency's smallest unit: 4900 EUR is 49.00 euros.",
)
class Money:
    amount_minor: int = strawberry.field(description="Cents, for most currencies.")
    currency: str = strawberry.federation.field(description="ISO 4217")

    @classmethod
    def of(cls, money: domain.Money) -> "Money":
        return cls(amount_minor=money.amount_minor, currency=money.currency.code)


@strawberry.input(description="An amount in the currency's smallest unit.")
class MoneyInput:
    amount_minor: int = strawberry.field(description="In the currency's smallest unit: 4900 is 49.00 euros.")
    currency: str = strawberry.field(description="ISO 4217", default="EUR")

    def to_domain(self) -> Result[domain.Money, DomainError]:
        """INVALID_CURRENCY."""
        match Currency.parse(self.currency):
            case Success(currency):
                return Success(domain.Money(self.amount_minor, currency))
            case refused:
                return refused
