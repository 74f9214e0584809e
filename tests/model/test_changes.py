"""What differs between two configurations: all of it, readable, and no value of the environment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lambdatui.model.changes import changed, compare
from lambdatui.model.comparison import as_facts
from lambdatui.model.configuration import Configuration, LayerUse, Masked
from lambdatui.model.functions import Function
from tests import samples, samples_versions

LAYER = "arn:aws:lambda:eu-west-1:210987654321:layer"

WORDS = st.sampled_from(["", "a", "b", "a long text with words that has more characters than the line holds"])
NUMBERS = st.integers(1, 4)
OF_THE_FUNCTION: dict[str, st.SearchStrategy[Any]] = {
    "description": WORDS,
    "runtime": st.sampled_from(["python3.12", "python3.13"]),
    "memory": NUMBERS,
    "timeout": NUMBERS,
    "architectures": st.sampled_from([("arm64",), ("x86_64",)]),
    "modified": st.sampled_from([None, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)]),
    "package_type": st.sampled_from(["Zip", "Image"]),
    "handler": WORDS,
    "code_size": NUMBERS,
    "own_log_group": st.sampled_from(["/g", "/h"]),
}
OF_THE_CONFIGURATION: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        (
            "code_sha256", "master_arn", "role", "repository_type", "image_uri", "resolved_image_uri",
            "image_working_directory", "runtime_version_arn", "kms_key_arn", "vpc_id", "tracing_mode",
            "dead_letter_arn", "log_format", "application_log_level", "system_log_level", "tenant_isolation",
            "capacity_provider_arn", "signing_profile_version_arn", "signing_job_arn", "config_sha256",
        ),
        st.sampled_from(["", "a", "b"]),
    ),
    **dict.fromkeys(("ephemeral_storage", "durable_execution_timeout", "durable_retention"), st.none() | NUMBERS),
    "subnet_ids": st.sampled_from([(), ("s",), ("s", "t")]),
    "environment": st.dictionaries(st.sampled_from("ABC"), WORDS.map(Masked)),
    "layers": st.dictionaries(st.sampled_from(["x", "y"]), NUMBERS).map(
        lambda them: tuple(LayerUse(f"{LAYER}:{name}:{number}", number) for name, number in them.items())
    ),
    "other": st.dictionaries(st.sampled_from(["New", "Newer.Yet"]), st.sampled_from(["1", "2"])),
}  # fmt: skip

LABELS = {
    "code_sha256": "SHA-256", "master_arn": "Edge master", "repository_type": "Repository", "image_uri": "Image",
    "resolved_image_uri": "Image, resolved", "image_working_directory": "Working directory",
    "runtime_version_arn": "Runtime version", "kms_key_arn": "KMS key", "vpc_id": "VPC", "tracing_mode": "Tracing",
    "dead_letter_arn": "Dead letter target", "application_log_level": "Application level",
    "system_log_level": "System level", "signing_profile_version_arn": "Signing profile",
    "signing_job_arn": "Signing job", "config_sha256": "Configuration SHA-256",
    "durable_execution_timeout": "Durable execution timeout", "durable_retention": "Durable history kept",
    "subnet_ids": "Subnets", "architectures": "Architecture", "modified": "Last modified", "code_size": "Size",
    "capacity_provider_arn": "Capacity provider", "own_log_group": "Log group",
}  # fmt: skip
"""What a field is called, where it is not by its own name."""


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    function = replace(samples.function("f"), **{name: draw(values) for name, values in OF_THE_FUNCTION.items()})
    return Configuration(function, **{name: draw(values) for name, values in OF_THE_CONFIGURATION.items()})


def label(field: str) -> str:
    return LABELS.get(field) or field.replace("_", " ").capitalize()


def expected(before: Any, after: Any, fields: dict[str, Any]) -> set[str]:
    """The labels of the fields that differ."""
    found: set[str] = set()
    for field in fields:
        one, other = getattr(before, field), getattr(after, field)
        if field == "layers":
            old, new = ({it.arn.rpartition(":")[0]: it.arn for it in them} for them in (one, other))
        elif field in {"environment", "other"}:
            old, new = one, other
        else:
            old, new = {label(field): one}, {label(field): other}
        found |= {it for it in {*old, *new} if old.get(it) != new.get(it)}
    return found


@given(configurations())
def test_nothing_differs_from_itself(it: Configuration) -> None:
    found = compare(it, it)
    assert found.differences == ()
    assert found.same
    assert changed(it, it) == ""


@given(configurations(), configurations())
def test_every_field_that_differs_is_named_and_no_other(before: Configuration, after: Configuration) -> None:
    named = {it.label for it in compare(before, after).differences}
    wanted = expected(before, after, OF_THE_CONFIGURATION) | expected(before.function, after.function, OF_THE_FUNCTION)
    assert named == wanted
    shown = "\n".join(fact.label for group in as_facts(before, after)[:-1] for fact in group.lines)
    assert {it.rpartition(":")[2] for it in wanted} <= set(shown.split("\n"))


@given(configurations(), configurations())
def test_the_other_way_round_the_same_differs(before: Configuration, after: Configuration) -> None:
    there, back = compare(before, after), compare(after, before)
    assert {(it.group, it.label, it.before, it.after) for it in there.differences} == {
        (it.group, it.label, it.after, it.before) for it in back.differences
    }


def all_told(before: Configuration, after: Configuration) -> str:
    """Everything that is said of two configurations, wherever."""
    page = [f"{fact.label} {fact.value}" for group in as_facts(before, after) for fact in group.lines]
    return "\n".join([*page, changed(before, after), repr(compare(before, after))])


def with_values(one: str, other: str) -> tuple[Configuration, Configuration]:
    function = samples.function("f")
    before = Configuration(function, environment={"KEY": Masked(one), "OLD": Masked(one)})
    return before, Configuration(function, environment={"KEY": Masked(other), "NEW": Masked(other)})


@given(st.text(min_size=12), st.text(min_size=12))
def test_no_value_of_the_environment_is_told(one: str, other: str) -> None:
    told_anyway = all_told(*with_values("one", "other"))  # Hypothesis tries the words of the program itself
    assume(one not in told_anyway and other not in told_anyway)
    before, after = with_values(one, other)
    told = all_told(before, after)
    assert one not in told
    assert other not in told
    assert changed(before, after).endswith("-OLD +NEW")


def configuration(**function: Any) -> Configuration:
    return Configuration(replace(samples.function("f"), **function))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (configuration(memory=128), configuration(memory=256), "memory 128 → 256 MB"),
        (configuration(timeout=3), configuration(timeout=30), "timeout 3 → 30 s"),
        (configuration(runtime="python3.12"), configuration(runtime="python3.13"), "runtime python3.12 → python3.13"),
        (configuration(description="a"), configuration(description="b"), ""),
        (
            replace(configuration(), environment={"OLD": Masked("1"), "STAGE": Masked("a")}),
            replace(configuration(), environment={"STAGE": Masked("b"), "NEW": Masked("1")}),
            "env -OLD STAGE changed +NEW",
        ),
        (
            replace(configuration(), layers=(LayerUse(f"{LAYER}:shop:3", 1), LayerUse(f"{LAYER}:old:1", 1))),
            replace(configuration(), layers=(LayerUse(f"{LAYER}:shop:4", 9), LayerUse(f"{LAYER}:new:2", 1))),
            "layer shop 3 → 4, -layer old 1, +layer new 2",
        ),
        (replace(configuration(), code_sha256="a"), replace(configuration(), code_sha256="b"), "code new"),
        (replace(configuration(), vpc_id=""), replace(configuration(), vpc_id="vpc-1"), "VPC – → vpc-1"),
        (
            replace(configuration(), role=f"arn:aws:iam::1:role/{'a' * 60}"),
            replace(configuration(), role=f"arn:aws:iam::1:role/{'b' * 60}"),
            "role changed",
        ),
        (replace(configuration(), state="Pending"), replace(configuration(), state="Active"), ""),
    ],
)
def test_what_changed_is_told_in_a_line(before: Configuration, after: Configuration, told: str) -> None:
    assert changed(before, after) == told


def test_the_page_has_what_differs_first_and_the_rest_in_short() -> None:
    _, first, second, *_ = (it.configuration for it in samples_versions.versions())
    head, *groups, same = as_facts(first, second)
    assert head.title == "Version 1 → version 2"
    assert head.lines[0].value == "5 differ, 20 are the same"
    assert {fact.label: fact.value for group in groups for fact in group.lines} == {
        "Description": "first release → VAT by country",
        "Last modified": "2026-11-01 09:12:00 UTC → 2026-11-06 09:12:00 UTC",
        "Memory": "256 MB → 512 MB",
        "DEBUG": "added",
        "shop-common": "9 → 11",
    }
    assert [group.title for group in groups] == ["Function", "Runtime", "Environment", "Layers"]
    assert "Timeout 30 s" in "".join(str(fact.value) for fact in same.lines)


def test_two_that_are_the_same_are_said_to_be() -> None:
    it = samples_versions.versions()[1].configuration
    head, same = as_facts(it, it)
    assert head.lines[0].value == "Code and configuration are the same in both."
    assert same.lines


def test_functions_in_a_comparison_are_of_one_kind() -> None:
    """Every field of a function is drawn above, or is its name, or what the list and the configuration share."""
    drawn = set(OF_THE_FUNCTION) | {"name", "arn", "layers", "tags", "state", "health"}
    assert set(Function.__dataclass_fields__) == drawn
