"""A stand-in of Stripe's HTTP API, as far as it is used: PaymentIntents, Refunds, search, Idempotency-Keys.

What a payment method is called says what happens to it; `trouble` is what happens to the next requests.
"""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.subgraphs.json_server import Answer as Answered
from tests.subgraphs.json_server import Asked, json_server

SECRET = "sk_test_stand_in"

Answer = tuple[int, dict[str, Any]]


def error(type_: str, code: str, **more: str) -> dict[str, Any]:
    return {"error": {"type": type_, "code": code, "message": f"it is {code}", **more}}


@dataclass
class StandIn:
    """What it has in its books, and what it was asked."""

    url: str = ""
    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    known: dict[str, tuple[str, Answer]] = field(default_factory=dict)
    refund_status: str = "succeeded"
    is_down: bool = False

    def post(self, path: str, form: dict[str, str], key: str) -> Answer:
        self.requests.append((path, form))
        asked = json.dumps([path, form], sort_keys=True)
        if key in self.known:
            before, answer = self.known[key]
            return answer if before == asked else (400, error("idempotency_error", "key_reused"))
        answer = self._charge(form) if path == "/v1/payment_intents" else self._refund(form)
        self.known[key] = asked, answer
        return answer

    def intent(self, id_: str) -> Answer:
        found = self.intents.get(id_)
        return (200, found) if found else (404, error("invalid_request_error", "resource_missing"))

    def search(self, query: str) -> Answer:
        found = [
            intent
            for intent in self.intents.values()
            if query == f"metadata['plait_key']:'{intent['metadata']['plait_key']}'"
        ]
        return 200, {"data": found}

    def refunds_of(self, intent: str) -> Answer:
        return 200, {"data": self.refunds.get(intent, [])}

    def _charge(self, form: dict[str, str]) -> Answer:
        match form["payment_method"]:
            case "pm_declined":
                return 402, error("card_error", "card_declined", decline_code="insufficient_funds")
            case "pm_expired":
                return 402, error("card_error", "expired_card")
            case "pm_generic":
                return 402, error("card_error", "card_declined", decline_code="generic_decline")
            case "pm_unknown":
                return 400, error("invalid_request_error", "resource_missing")
        id_ = f"pi_{len(self.intents) + 1}"
        intent = {
            "id": id_,
            "status": "processing" if form["payment_method"] == "pm_processing" else "succeeded",
            "amount": int(form["amount"]),
            "currency": form["currency"],
            "metadata": _metadata(form),
        }
        self.intents[id_] = intent
        return 200, intent

    def _refund(self, form: dict[str, str]) -> Answer:
        intent = form["payment_intent"]
        if intent not in self.intents:
            return 404, error("invalid_request_error", "resource_missing")
        sent = self.refunds.setdefault(intent, [])
        left = self.intents[intent]["amount"] - sum(one["amount"] for one in sent)
        if left == 0:
            return 400, error("invalid_request_error", "charge_already_refunded")
        refund = {
            "id": f"re_{sum(map(len, self.refunds.values())) + 1}",
            "status": self.refund_status,
            "amount": int(form.get("amount", left)),
            "metadata": _metadata(form),
        }
        sent.append(refund)
        return 200, refund


def _metadata(form: dict[str, str]) -> dict[str, str]:
    return {
        name.removeprefix("metadata[").removesuffix("]"): value
        for name, value in form.items()
        if name.startswith("metadata[")
    }


@contextmanager
def stripe_stand_in() -> Iterator[StandIn]:
    """A server on a free port until the block ends."""
    books = StandIn()

    def answer(asked: Asked) -> Answered:
        if books.is_down:
            return 503, error("api_error", "busy")
        if asked.method == "GET":
            place = urlsplit(asked.path)
            if place.path.startswith("/v1/payment_intents/pi_"):
                return books.intent(place.path.rpartition("/")[2])
            query = parse_qs(place.query)
            if "payment_intent" in query:
                return books.refunds_of(query["payment_intent"][0])
            return books.search(query["query"][0])
        scheme, _, credentials = asked.headers["authorization"].partition(" ")
        if (scheme, b64decode(credentials).decode()) != ("Basic", f"{SECRET}:"):
            return 401, error("invalid_request_error", "api_key_invalid")
        trouble = books.trouble.pop(0) if books.trouble else ""
        if trouble in ("429", "500", "409"):
            return int(trouble), error("api_error", "busy")
        done = books.post(asked.path, dict(parse_qsl(asked.body)), asked.headers["idempotency-key"])
        match trouble:
            case "lost":  # done, and nobody hears of it
                return None
            case "garbled":
                return 200, b"<html>"
            case _:
                return done

    with json_server(answer) as books.url:
        yield books
