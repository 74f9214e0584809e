"""A configuration in readable groups, complete, and with its secrets masked."""

from __future__ import annotations

import copy
import dataclasses
import traceback
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lambdatui.model.configuration import Configuration, Fact, LayerUse, Masked, Trouble
from lambdatui.model.functions import Function
from lambdatui.model.overview import (
    CODE,
    CONCURRENCY,
    describe,
    describe_code_signing,
    describe_provisioned,
    describe_recursion,
)
from lambdatui.model.versions import Provisioned

FUNCTION = Function(
    name="<name>",
    arn="<arn>",
    runtime="<runtime>",
    memory=1111,
    timeout=222,
    architectures=("<architecture>",),
    modified=datetime(2026, 11, 23, 13, 12, 20, tzinfo=UTC),
    description="<description>",
    package_type="<package type>",
    handler="<handler>",
    code_size=3_300_000,
    own_log_group="<log group>",
)

SPECIAL: dict[str, tuple[Any, list[str]]] = {
    "function": (
        FUNCTION,
        [
            "<name>", "<arn>", "<runtime>", "1111 MB", "222 s", "<architecture>", "2026-11-23 13:12:20 UTC",
            "<description>", "<package type>", "<handler>", "3.3 MB", "<log group>",
        ],
    ),
    "ephemeral_storage": (4444, ["4444 MB"]),
    "reserved_concurrency": (5555, ["5555"]),
    "durable_execution_timeout": (6666, ["6666 s"]),
    "durable_retention": (77, ["77 days"]),
    "ipv6_for_dual_stack": (True, ["IPv6"]),
    "environment": ({"<variable>": Masked("<value>")}, ["<variable>", "<value>"]),
    "layers": ((LayerUse("<layer>", 8_800_000),), ["<layer>", "8.8 MB"]),
    "file_systems": ((("<file system>", "<path>"),), ["<file system>", "<path>"]),
    "tags": ({"<tag>": "<tag value>"}, ["<tag>", "<tag value>"]),
    "other": ({"<new>": "<new value>"}, ["<new>", "<new value>"]),
}  # fmt: skip


def example(name: str, annotation: str) -> tuple[Any, list[str]]:
    """A value for a field of Configuration, and the texts by which it shows."""
    if name in SPECIAL:
        return SPECIAL[name]
    if annotation == "str":
        return f"<{name}>", [f"<{name}>"]
    if annotation == "tuple[str, ...]":
        return (f"<{name} 1>", f"<{name} 2>"), [f"<{name} 1>", f"<{name} 2>"]
    if annotation == "Trouble | None":
        return Trouble(f"<{name} code>", f"<{name} message>"), [f"<{name} code>: <{name} message>"]
    raise AssertionError(f"say here how {name} of type {annotation} shows")


FIELDS = {field.name: example(field.name, str(field.type)) for field in dataclasses.fields(Configuration)}


def shown(configuration: Configuration) -> str:
    """All that the groups say, secrets revealed."""
    facts = [fact for group in describe(configuration) for fact in group.lines]
    return "\n".join(
        f"{one.label}\t{one.value.reveal() if isinstance(one.value, Masked) else one.value}" for one in facts
    )


def test_every_field_of_a_configuration_is_shown() -> None:
    text = shown(Configuration(**{name: value for name, (value, _) in FIELDS.items()}))
    assert [one for _, words in FIELDS.values() for one in words if one not in text] == []


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"function", "snap_start_status"}))
def test_a_field_that_is_set_alone_is_shown(name: str) -> None:
    value, words = FIELDS[name]
    text = shown(Configuration(FUNCTION, **{name: value}))
    assert [one for one in words if one not in text] == []


# Configuration has what it says of these three itself.
OF_THE_LIST = {"layers", "tags", "state", "health"}


def test_every_field_of_a_function_is_in_the_example() -> None:
    fields = {field.name for field in dataclasses.fields(Function)}
    assert len(SPECIAL["function"][1]) == len(fields - OF_THE_LIST)


def test_what_is_not_set_is_left_out() -> None:
    groups = describe(Configuration(FUNCTION))
    assert [group.title for group in groups] == [
        "Function", "State", "Code", "Runtime", "Permissions and network", "Logging and tracing",
        "Concurrency and failure",
    ]  # fmt: skip
    assert all(group.lines for group in groups)


def alerts(**fields: Any) -> list[str]:
    return [fact.label for group in describe(Configuration(FUNCTION, **fields)) for fact in group.lines if fact.alert]


@pytest.mark.parametrize("state", ["", "Active", "Inactive", "ActiveNonInvocable"])
def test_a_healthy_function_alerts_nobody(state: str) -> None:
    assert alerts(state=state, last_update_status="Successful", reserved_concurrency=5) == []


@pytest.mark.parametrize("state", ["Failed", "Pending", "Deactivating", "SomethingNew"])
def test_a_state_that_is_not_healthy_alerts(state: str) -> None:
    assert alerts(state=state) == ["State"]


def test_a_failed_update_a_stopped_function_and_errors_in_place_of_values_alert() -> None:
    trouble = Trouble("AccessDenied", "no")
    assert alerts(
        last_update_status="Failed",
        reserved_concurrency=0,
        environment_trouble=trouble,
        image_trouble=trouble,
        code_trouble=trouble,
        runtime_trouble=trouble,
        tags_trouble=trouble,
    ) == [
        "Last update",
        "Code error",
        "Image error",
        "Runtime error",
        "Environment error",
        "Reserved concurrency",
        "Tags error",
    ]


def test_reasons_are_shown_with_their_codes() -> None:
    text = shown(Configuration(FUNCTION, state_reason="The role is gone", state_reason_code="InvalidRole"))
    assert "The role is gone (InvalidRole)" in text


SECRET = "hunter2"


def test_a_masked_value_shows_itself_to_nobody_who_does_not_ask() -> None:
    masked = Masked(SECRET)
    configuration = Configuration(FUNCTION, environment={"PASSWORD": masked})
    facts = describe(configuration)
    texts = [
        repr(masked), str(masked), f"{masked}", f"{masked!r:>30}", repr([masked]), repr(configuration),
        repr(facts), repr(dataclasses.asdict(configuration)), repr(copy.deepcopy(configuration)),
        repr(dataclasses.astuple(facts[0])),
    ]  # fmt: skip
    assert [text for text in texts if SECRET in text] == []
    assert masked.reveal() == SECRET


def test_a_masked_value_stays_masked_in_a_traceback_with_locals() -> None:
    def fail(configuration: Configuration, fact: Fact) -> None:
        raise RuntimeError(configuration, fact)

    configuration = Configuration(FUNCTION, environment={"PASSWORD": Masked(SECRET)})
    (group,) = [group for group in describe(configuration) if group.title == "Environment"]
    with pytest.raises(RuntimeError) as told:
        fail(configuration, group.lines[0])
    whole = traceback.TracebackException.from_exception(told.value, capture_locals=True)
    assert not [line for line in whole.format() if SECRET in line]


def test_the_environment_is_masked_and_nothing_else_is() -> None:
    masked = [
        fact.label
        for group in describe(Configuration(**{name: value for name, (value, _) in FIELDS.items()}))
        for fact in group.lines
        if isinstance(fact.value, Masked)
    ]
    assert masked == ["<variable>"]


def test_masked_values_compare_by_what_they_hide() -> None:
    assert Masked("a") == Masked("a")
    assert Masked("a") != Masked("b")
    assert Masked("a") != "a"
    assert len({Masked("a"), Masked("a")}) == 1


def test_what_runs_a_function_is_its_runtime_or_its_image() -> None:
    assert FUNCTION.runtime_or_package == "<runtime>"
    assert dataclasses.replace(FUNCTION, runtime="", package_type="Image").runtime_or_package == "image"
    assert dataclasses.replace(FUNCTION, runtime="").runtime_or_package == "–"


# What other calls tell -----------------------------------------------------------------------------------------------


def said(runtime: str, today: date | None) -> list[tuple[str, str | Masked, bool]]:
    """What is told of the runtime's life cycle."""
    configuration = Configuration(dataclasses.replace(FUNCTION, runtime=runtime))
    groups = {group.title: group for group in describe(configuration, today)}
    return [(fact.label, fact.value, fact.alert) for fact in groups["Runtime"].lines if fact.label == "Support"]


def test_a_deprecated_runtime_alerts_with_its_dates() -> None:
    dates = "deprecated since 2024-10-14, no new functions from 2027-02-01, no updates from 2027-03-03"
    assert said("python3.8", date(2026, 11, 25)) == [("Support", f"{dates}; successor python3.14", True)]
    assert said("python3.8", date(2024, 10, 1)) == [("Support", "until 2024-10-14; successor python3.14", False)]


def test_of_a_runtime_that_is_not_known_and_without_a_day_nothing_is_said_of_its_support() -> None:
    assert said("python9.9", date(2026, 11, 25)) == []
    assert said("", date(2026, 11, 25)) == []
    assert said("python3.8", None) == []


def test_provisioned_concurrency_is_told_by_qualifier_and_alerts_where_it_failed() -> None:
    failed = Provisioned("live", 5, 0, 0, "FAILED", "no capacity")
    facts = describe_provisioned([failed, Provisioned("7", 2, 2, 2, "READY")])
    assert facts.title == CONCURRENCY
    assert facts.lines == (
        Fact("Provisioned, live", "0 of 5, FAILED: no capacity", alert=True),
        Fact("Provisioned, 7", "2"),
    )
    assert describe_provisioned([]).lines == (Fact("Provisioned concurrency", "none"),)


def test_what_must_be_signed_and_what_becomes_of_loops_are_told_with_awss_own_words() -> None:
    assert describe_code_signing("arn:csc").lines == (Fact("Code signing", "arn:csc"),)
    assert describe_code_signing("").title == CODE
    assert "none" in str(describe_code_signing("").lines[0].value)
    assert str(describe_recursion("Allow").lines[0].value).endswith("(Allow)")
    assert describe_recursion("SomethingNew").lines[0].value == "SomethingNew"
