"""Gemini's protocol: generateContent, the Files API, and batches that are read from and written to files."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from lib.demo.mllm_server.served import Counted, Reply, Served

STATUS = {429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 400: "INVALID_ARGUMENT", 404: "NOT_FOUND"}
VERSION = re.compile(r"^/v1(alpha|beta)?/")
THOUGHTS = 3
LONGEST_DELETED = 40
"""Letters of the id of a file that can be deleted; Gemini gives the answers of a batch longer ones."""


def _error(status: int, headers: Mapping[str, str] | None = None, reason: str | None = None) -> Reply:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    body = {"code": status, "message": "planted", "status": STATUS[status], "details": details}
    return Reply({"error": body}, status, headers or {})


KEY_REFUSED = _error(400, reason="API_KEY_INVALID")


def reply(server: Served, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Answers one request.

    Args:
        server: with its grammar, faults, files, batches and count.
        method: of HTTP.
        path: of the address.
        headers: of the request.
        body: of the request.
    """
    bare = path.partition("?")[0]
    if bare.startswith("/upload/"):
        return _upload(server, bare.removeprefix("/upload"), headers, body)
    place = VERSION.sub("", bare)
    if found := re.fullmatch(r"models/([^:]+):(generateContent|batchGenerateContent)", place):
        if found[2] == "generateContent":
            return _generate(server, found[1], json.loads(body))
        return _batch(server, found[1], json.loads(body))
    if place == "batches" and method == "GET":
        return Reply({"operations": [_state(one) for one in server.batches.values()]})
    if place in server.batches:
        return Reply(_polled(server, place))
    if place.endswith(":download") and (name := place.removesuffix(":download")) in server.content:
        return Reply(server.content[name], headers={"Content-Type": "application/octet-stream"})
    if place in server.files:
        if method == "DELETE":
            if len(place.removeprefix("files/")) > LONGEST_DELETED:
                return _error(400)
            with server.lock:
                del server.files[place], server.content[place]
                server.deleted.append(place)
            return Reply({})
        return Reply(_prepared(server, place))
    return _error(404)


def _upload(server: Served, place: str, headers: Mapping[str, str], body: bytes) -> Reply:
    with server.lock:
        if VERSION.sub("", place) == "files":
            number = f"f{len(server.uploads)}"
            file = json.loads(body or b"{}").get("file", {})
            server.uploads[number] = file
            return Reply({}, headers={"x-goog-upload-url": f"{server.url}/upload/begun/{number}"})
        number = place.rsplit("/", 1)[1]
        name = f"files/{number}"
        told = server.uploads[number]
        kind = headers.get("X-Goog-Upload-Header-Content-Type") or told.get("mimeType") or "video/mp4"
        fault = server.fault(hashlib.sha256(body).hexdigest()) if kind.startswith("video/") else ""
        if fault and fault not in {"processing", "failed"}:
            server.faults[hashlib.sha256(body).hexdigest()].insert(0, fault)
            fault = ""
        state = "PROCESSING" if kind.startswith("video/") else "ACTIVE"
        server.files[name] = {
            "name": name,
            "displayName": told.get("displayName", ""),
            "mimeType": kind,
            "uri": f"{server.url}/v1beta/{name}",
            "state": state,
            "fault": fault,
        }
        server.content[name] = body
        return Reply({"file": _told(server.files[name])}, headers={"x-goog-upload-status": "final"})


def _prepared(server: Served, name: str) -> dict[str, Any]:
    file = server.files[name]
    if file["fault"] == "failed":
        file["state"] = "FAILED"
    elif file["fault"] != "processing":
        file["state"] = "ACTIVE"
    return _told(file)


def _told(file: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in file.items() if name != "fault"}


def _generate(server: Served, model: str, asked: Mapping[str, Any]) -> Reply:
    parts = asked["contents"][0]["parts"]
    text = next(part["text"] for part in parts if "text" in part)
    seen = next(part for part in parts if "text" not in part)
    if "inlineData" in seen:
        content = base64.urlsafe_b64decode(seen["inlineData"]["data"].replace("+", "-").replace("/", "_"))
    else:
        file = seen["fileData"]  # names of fields are taken in either spelling, as Gemini does
        name = "files/" + (file.get("fileUri") or file["file_uri"]).rsplit("/", 1)[1]
        if server.files.get(name, {}).get("state") != "ACTIVE":
            return _error(400)
        content = server.content[name]
    video = hashlib.sha256(content).hexdigest()
    settings = asked.get("generationConfig", {})
    fault, _, seconds = server.fault(video).partition(":")
    server.pause()
    fps = seen.get("videoMetadata", {}).get("fps")

    def counted(status: int, tokens: tuple[int, int, int], *, whole: bool = True) -> None:
        server.count(Counted(video, model, text, status, *tokens, whole, fps, settings.get("temperature")))

    if fault in {"429", "500", "503", "400"}:
        counted(int(fault), (0, 0, 0))
        return _error(int(fault), {"Retry-After": seconds} if seconds else None)
    structured = settings.get("responseMimeType") == "application/json"
    said = server.grammar.say(video, model, text, float(settings.get("temperature", 1.0)), structured=structured)
    said = "" if fault in {"blocked", "empty"} else said
    asked_for, cached, written = server.tokens(video, len(content), text, said)
    counted(200, (asked_for, cached, written + THOUGHTS), whole=fault not in {"cut", "unreadable"})
    if fault == "unreadable":
        return Reply(b'{"candidates": [')
    usage = {
        "promptTokenCount": asked_for,
        "cachedContentTokenCount": cached,
        "candidatesTokenCount": written,
        "thoughtsTokenCount": THOUGHTS,
        "totalTokenCount": asked_for + written + THOUGHTS,
    }
    if fault == "blocked":
        return Reply({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": usage})
    finish = "MAX_TOKENS" if fault == "long" else "STOP"
    parts_said = [{"text": said}] if said else []
    candidate = {"content": {"role": "model", "parts": parts_said}, "finishReason": finish, "index": 0}
    return Reply({"candidates": [candidate], "usageMetadata": usage}, cut=fault == "cut")


def _batch(server: Served, model: str, asked: Mapping[str, Any]) -> Reply:
    batch = asked["batch"]
    source = batch["inputConfig"]["fileName"]
    with server.lock:
        name = f"batches/b{len(server.batches)}"
        job = {"name": name, "model": model, "source": source, "displayName": batch.get("displayName", "")}
        server.batches[name] = {**job, "state": "BATCH_STATE_PENDING", "polls": 0, "output": None}
    return Reply(_state(server.batches[name]))


def _polled(server: Served, name: str) -> dict[str, Any]:
    with server.lock:
        job = server.batches[name]
        job["polls"] += 1
        if job["state"] == "BATCH_STATE_PENDING" and job["polls"] >= server.batch_polls:
            job["state"] = server.batch_state
            if job["state"] == "BATCH_STATE_SUCCEEDED":
                job["output"] = _worked(server, job)
        return _state(job)


def _worked(server: Served, job: Mapping[str, Any]) -> str:
    """Answers every line, the last first, leaves out as many as are planted, and keeps the file of the answers."""
    lines = []
    for line in server.content[job["source"]].decode().splitlines()[server.batch_missing :][::-1]:
        asked = json.loads(line)
        one = _generate(server, job["model"], asked["request"])
        answer = {"response": one.body} if one.status == 200 else {"error": one.body["error"]}
        lines.append(json.dumps({"key": asked["key"], **answer}))
    name = f"files/batch-{job['name'].rsplit('/', 1)[1].ljust(server.batch_letters, '0')}"
    server.files[name] = {"name": name, "state": "ACTIVE", "mimeType": "jsonl", "fault": ""}
    server.content[name] = "\n".join(lines).encode()
    return name


def _state(job: Mapping[str, Any]) -> dict[str, Any]:
    told = {"displayName": job["displayName"], "state": job["state"], "model": f"models/{job['model']}"}
    output = {"output": {"responsesFile": job["output"]}} if job["output"] else {}
    return {"name": job["name"], "metadata": {**told, **output}, "done": job["state"] != "BATCH_STATE_PENDING"}
