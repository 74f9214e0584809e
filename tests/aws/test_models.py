"""The SDK's models as this program reads them: all that a client is made of, and nothing for readers."""

from __future__ import annotations

from typing import Any

import botocore.loaders
import pytest

from lambdatui.aws.guard import READS, WRITES
from lambdatui.aws.models import LeanFiles

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
@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1"])
def test_a_model_lacks_the_documentation_and_nothing_else(service: str, kind: str) -> None:
    whole = botocore.loaders.create_loader().load_service_model(service, kind)
    found = lean().load_service_model(service, kind)
    assert found == without_words(whole)


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
