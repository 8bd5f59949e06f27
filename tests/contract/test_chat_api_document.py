"""What lies around the chat API: its document, headers, files, health and figures, and who may embed it."""

from __future__ import annotations

import re
from datetime import datetime

import httpx
from starlette.routing import Mount, Route

from doorstep.front.app import create_app
from doorstep.front.security import CONTENT_SECURITY_POLICY
from doorstep.settings import ROOT, Settings
from tests.contract import chat_client, fronts
from tests.contract.chat_client import DOCUMENT

NOT_IN_THE_DOCUMENT = {
    "/returns/{token}", "/returns/page.css", "/openapi.json", "/demo", "/demo/orders.json", "/desk",
    "/api/desk/chatwoot", "/api/desk/chatwoot/{secret}",  # Chatwoot says what it sends
}  # fmt: skip


def test_every_route_is_in_the_document_and_the_reverse(small_settings: Settings) -> None:
    routes = {
        (route.path, method.lower())
        for route in create_app(front=fronts.a_front(small_settings)).routes
        if isinstance(route, Route) and route.path not in NOT_IN_THE_DOCUMENT
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {(path, method) for path, operations in DOCUMENT["paths"].items() for method in operations}
    assert routes == described


def test_every_code_of_a_refusal_is_explained() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "doorstep" / "front").glob("*.py"))
    codes = set(re.findall(r"(?:ApiError|error_response)\(\s*\d{3},\s*\"(\w+)\"", source))
    page = (ROOT / "docs" / "chat-api.md").read_text(encoding="utf-8")
    assert len(codes) > 15
    assert {code for code in codes if f"`{code}`" not in page} == set()


def test_a_fault_of_ours_is_told_without_a_trace(small_settings: Settings) -> None:
    def broken() -> datetime:
        raise ZeroDivisionError("secret detail")

    with fronts.running(fronts.a_front(small_settings, now=broken)) as client:
        response = client.post("/api/chat/sessions", json={})
    assert (response.status_code, response.json()["error"]["code"]) == (500, "internal")
    assert "secret" not in response.text


def test_only_the_widget_and_the_desk_are_mounted(small_settings: Settings) -> None:
    mounts = [route for route in create_app(front=fronts.a_front(small_settings)).routes if isinstance(route, Mount)]
    assert [mount.path for mount in mounts] == ["/widget", "/desk"]


def test_the_document_is_served(small_http: httpx.Client) -> None:
    assert small_http.get("/openapi.json").json() == DOCUMENT


def test_pages_and_answers_carry_the_strict_headers(small_http: httpx.Client) -> None:
    for path in ("/demo", "/health/live", "/no/such/page", "/api/chat/messages"):
        headers = small_http.get(path).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_widget_is_served_and_nothing_beside_it(small_http: httpx.Client) -> None:
    module = next((ROOT / "widget").glob("*.js"))
    assert small_http.get(f"/widget/{module.name}").text == module.read_text(encoding="utf-8")
    for path in ("/widget/../pyproject.toml", "/widget/%2e%2e/pyproject.toml", "/widget/", "/widget/.env"):
        assert small_http.get(path).status_code == 404


def test_demo_orders_are_listed_only_where_they_are_loaded(small_http: httpx.Client) -> None:
    response = small_http.get("/demo/orders.json")
    chat_client.check_answer(response)
    assert response.status_code == 404


def test_ready_names_the_part_that_is_down(small_http: httpx.Client) -> None:
    response = small_http.get("/health/ready")
    chat_client.check_answer(response)
    parts = {"database": "ok", "rasa": "ok", "actions": "down", "words": "ok", "worker": "ok"}
    assert response.json() == {"status": "not_ready", "parts": parts}


def test_metrics_count_messages_and_outcomes(small_http: httpx.Client) -> None:
    buyer = chat_client.start(small_http)
    buyer.say("hello")
    buyer.settled()
    text = small_http.get("/metrics").text
    for line in (
        "doorstep_messages_accepted_total 1.0",
        'doorstep_outcomes_total{outcome="answered"} 1.0',
        "doorstep_inbox_unsettled 0.0",
        'doorstep_conversations{owner="assistant"} 1.0',
    ):
        assert line in text


def test_a_shops_site_may_call_and_others_may_not(small_http: httpx.Client) -> None:
    site = {"Origin": fronts.SHOP_SITE}
    allowed = small_http.post("/api/chat/sessions", json={}, headers=site)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (201, fronts.SHOP_SITE)
    for origin in ("https://evil.example", "null", f"{fronts.SHOP_SITE}.evil.example", "https://[broken"):
        refused = small_http.post("/api/chat/sessions", json={}, headers={"Origin": origin})
        chat_client.check_answer(refused)
        assert refused.status_code == 403
        assert "access-control-allow-origin" not in refused.headers


def test_a_preflight_of_a_shops_site_is_granted_without_credentials(small_http: httpx.Client) -> None:
    asked = {"Origin": fronts.SHOP_SITE, "Access-Control-Request-Method": "POST"}
    granted = small_http.options("/api/chat/messages", headers=asked)
    assert granted.status_code == 204
    assert "authorization" in granted.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in granted.headers


def test_a_page_of_our_own_origin_may_call(small_http: httpx.Client) -> None:
    own = str(small_http.base_url).rstrip("/")
    assert small_http.post("/api/chat/sessions", json={}, headers={"Origin": own}).status_code == 201
