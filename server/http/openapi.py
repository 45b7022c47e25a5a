"""The OpenAPI 3.1 document, made from the same operations that are served."""

from collections.abc import Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import msgspec

from server.http.operation import PROBLEM_TYPE, Operation
from server.problems import PROBLEMS
from sync.wire import SERVER_TIME_HEADER, Problem

_REF = "#/components/schemas/{name}"


def openapi_document(operations: Sequence[Operation[Any, Any]]) -> bytes:
    """The document as JSON."""
    types: list[Any] = [Problem]
    for operation in operations:
        types += [operation.parameters, operation.body, operation.answer or Problem]
    schemas = msgspec.json.schema_components(types, ref_template=_REF)
    schema_of = dict(zip(types, schemas[0], strict=True))
    components = schemas[1]
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _describe(operation, schema_of, components)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    hidden = {operation.parameters.__name__ for operation in operations}
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "Central voucher server", "version": version("voucher-till")},
            "paths": paths,
            "components": {
                "schemas": {k: v for k, v in components.items() if k not in hidden},
                "securitySchemes": {"till": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _describe(
    operation: Operation[Any, Any], schema_of: dict[Any, Any], components: dict[str, Any]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": _parameters(operation, components),
        "responses": _responses(operation, schema_of),
        "security": [{"till": []}] if operation.signed_in else [],
    }
    if operation.takes_body:
        content = {"application/json": {"schema": schema_of[operation.body]}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameters(operation: Operation[Any, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    schema = components.get(operation.parameters.__name__, {})
    return [
        {
            "name": name,
            "in": "path" if f"{{{name}}}" in operation.path else "query",
            "required": name in schema.get("required", ()),
            "schema": _given(one),
        }
        for name, one in schema.get("properties", {}).items()
    ]


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is given or left out: there is no null in a query."""
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    return choices[0] if len(choices) == 1 else schema


def _responses(operation: Operation[Any, Any], schema_of: dict[Any, Any]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done.", "headers": _HEADERS}
    if operation.stream:
        done["content"] = {"text/event-stream": {"schema": {"type": "string"}}}
    elif operation.answer is not None:
        done["content"] = {"application/json": {"schema": schema_of[operation.answer]}}
    responses = {str(operation.status): done}
    for word in operation.possible_problems():
        status, title = PROBLEMS[word]
        answer = responses.setdefault(
            str(status),
            {
                "description": HTTPStatus(status).phrase + ":",
                "headers": _HEADERS,
                "content": {PROBLEM_TYPE: {"schema": schema_of[Problem]}},
            },
        )
        answer["description"] += f"\n- /problems/{word}: {title}"
    return responses


_HEADERS = {
    SERVER_TIME_HEADER: {
        "description": "The server's clock in milliseconds since 1970.",
        "schema": {"type": "integer"},
    }
}
