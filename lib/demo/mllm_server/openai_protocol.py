"""OpenAI's protocol: chat completions about a video or its frames."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lib.demo.mllm_server.served import Counted, Reply, Served


def _error(status: int, code: str, headers: Mapping[str, str] | None = None) -> Reply:
    body = {"error": {"message": f"planted {code}", "type": "planted", "code": code, "param": None}}
    return Reply(body, status, headers or {})


KEY_REFUSED = _error(401, "invalid_api_key")


def reply(server: Served, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Answers one request.

    Args:
        server: with its grammar, faults and count.
        method: of HTTP.
        path: of the address.
        headers: of the request.
        body: of the request.
    """
    if (method, path) != ("POST", "/v1/chat/completions"):
        return _error(404, "not_found")
    asked = json.loads(body)
    parts = asked["messages"][0]["content"]
    text = next(part["text"] for part in parts if part["type"] == "text")
    urls = [part[part["type"]]["url"] for part in parts if part["type"] != "text"]
    content = b"".join(base64.b64decode(url.partition(",")[2]) for url in urls)
    video = hashlib.sha256(content).hexdigest()
    heat = float(asked.get("temperature", 1.0))
    fault, _, seconds = server.fault(video).partition(":")
    server.pause()
    fps = (asked.get("mm_processor_kwargs") or {}).get("fps")

    def counted(status: int, tokens: tuple[int, int, int], *, whole: bool = True) -> None:
        server.count(Counted(video, asked["model"], text, status, *tokens, whole, fps, asked.get("temperature")))

    if fault in {"429", "500", "503", "400"}:
        counted(int(fault), (0, 0, 0))
        return _error(int(fault), fault, {"Retry-After": seconds} if seconds else None)
    said = server.grammar.say(video, asked["model"], text, heat, structured="response_format" in asked)
    said = "" if fault in {"blocked", "empty"} else said
    tokens = server.tokens(video, len(content), text, said)
    broken = fault in {"cut", "unreadable"}
    counted(200, tokens, whole=not broken)
    if fault == "unreadable":
        return Reply(b'{"id": "x", "choices": [')
    finish = {"blocked": "content_filter", "long": "length"}.get(fault, "stop")
    message: dict[str, Any] = {"role": "assistant", "content": said or None}
    usage = {
        "prompt_tokens": tokens[0],
        "completion_tokens": tokens[2],
        "total_tokens": tokens[0] + tokens[2],
        "prompt_tokens_details": {"cached_tokens": tokens[1]},
    }
    choice = {"index": 0, "message": message, "finish_reason": finish}
    whole = {"id": "x", "object": "chat.completion", "created": 0, "model": asked["model"]}
    return Reply({**whole, "choices": [choice], "usage": usage}, cut=fault == "cut")
