"""The SDK's models as this program reads them: all that a client is made of, and nothing for readers."""

from __future__ import annotations

from typing import Any

import botocore.loaders
import pytest
from aiobotocore.session import AioSession
from botocore.handlers import BUILTIN_HANDLERS
from botocore.model import ServiceModel

from lambdatui.aws.guard import READS, WRITES
from lambdatui.aws.models import LeanFiles, drop_handlers

SERVICES = sorted({name.partition(":")[0] for name in READS | WRITES})


def lean() -> Any:
    loader = botocore.loaders.Loader(file_loader=LeanFiles())
    loader.search_paths.append(botocore.loaders.Loader.BUILTIN_DATA_PATH)
    return loader


def without_words(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: it for name, it in value.items() if not (name == "documentation" and isinstance(it, str))}
        return {name: without_words(it) for name, it in kept.items()}
    return [without_words(it) for it in value] if isinstance(value, list) else value


@pytest.mark.parametrize("service", SERVICES)
def test_the_rules_of_endpoints_lack_the_documentation_and_nothing_else(service: str) -> None:
    whole = botocore.loaders.create_loader().load_service_model(service, "endpoint-rule-set-1")
    assert lean().load_service_model(service, "endpoint-rule-set-1") == without_words(whole)


@pytest.mark.parametrize("service", SERVICES)
def test_a_model_has_what_the_guard_knows_whole_and_without_words(service: str) -> None:
    whole = without_words(botocore.loaders.create_loader().load_service_model(service, "service-2"))
    found = lean().load_service_model(service, "service-2")
    operations, shapes = found.pop("operations"), found.pop("shapes")
    all_operations, all_shapes = whole.pop("operations"), whole.pop("shapes")
    assert found == whole
    known = {name.partition(":")[2] for name in READS | WRITES if name.startswith(f"{service}:")}
    assert operations.keys() == (all_operations.keys() if service == "sts" else known)
    assert all(operations[name] == all_operations[name] for name in operations)
    assert all(shapes[name] == all_shapes[name] for name in shapes)
    for name in operations:  # raises where a shape is missing
        model = ServiceModel({**found, "operations": operations, "shapes": shapes}, service).operation_model(name)
        walk(model.input_shape, set())
        walk(model.output_shape, set())
        assert [shape.name for shape in model.error_shapes] == [
            it["shape"] for it in operations[name].get("errors", [])
        ]


def walk(shape: Any, seen: set[str]) -> None:
    """Look at all that a shape is made of."""
    if shape is None or shape.name in seen:
        return
    seen.add(shape.name)
    if shape.type_name == "structure":
        parts = [*shape.members.values()]
    else:
        parts = [shape.member] if shape.type_name == "list" else []
        parts += [shape.key, shape.value] if shape.type_name == "map" else []
    for part in parts:
        walk(part, seen)


def test_every_partition_has_the_endpoints_of_the_services_that_are_called() -> None:
    whole = botocore.loaders.create_loader()
    prefixes = {whole.load_service_model(it, "service-2")["metadata"]["endpointPrefix"] for it in SERVICES}
    found = lean().load_data("endpoints")
    for partition, all_of_it in zip(found["partitions"], whole.load_data("endpoints")["partitions"], strict=True):
        services = all_of_it.pop("services")
        kept = partition.pop("services")
        assert partition == all_of_it
        assert all(kept.get(prefix) == services.get(prefix) for prefix in prefixes)


def test_what_is_not_there_is_not_found() -> None:
    files = LeanFiles()
    assert files.load_file("/nowhere/service-2") is None
    assert not files.exists("/nowhere/service-2")
    assert files.exists(f"{botocore.loaders.Loader.BUILTIN_DATA_PATH}/endpoints")


def handlers(session: AioSession, event: str) -> list[Any]:
    emitter: Any = session.get_component("event_emitter")
    return list(emitter._emitter._handlers.prefix_search(event))


@pytest.mark.parametrize("service", [*SERVICES, "sso", "sso-oidc", "signin"])
def test_a_session_handles_all_that_concerns_a_service_that_is_called(service: str) -> None:
    whole, session = AioSession(), AioSession()
    drop_handlers(session)
    stages = {name.partition(".")[0] for name, *_ in BUILTIN_HANDLERS} - {"docs"}
    for event in [f"{stage}.{service}.Any" for stage in stages] + [name for name, *_ in BUILTIN_HANDLERS]:
        if event.split(".")[1:2] == [service]:
            assert handlers(session, event) == handlers(whole, event)


def test_a_session_handles_neither_documentation_nor_other_services() -> None:
    session = AioSession()
    drop_handlers(session)
    assert handlers(session, "docs.request-params.lambda.Invoke.complete-section") == []
    assert handlers(session, "before-sign.s3.PutObject") == []
