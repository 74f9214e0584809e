"""Answers of AWS as YAML: complete, safe to draw, and without their secrets."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from lambdatui.aws.gateway import Aws
from lambdatui.aws.raw import MASKED, as_yaml
from lambdatui.model.errors import Offline
from tests import samples
from tests.aws import faults
from tests.aws.fault_server import FaultServer
from tests.faults import shapes


def test_everything_is_there_in_the_order_of_the_answer() -> None:
    answer = {
        "Zebra": "first",
        "Numbers": [1, 2.5, True, None],
        "When": datetime(2026, 11, 25, 16, 55, tzinfo=UTC),
        "Deep": [{"Name": "a", "More": {"Text": "b"}}, {}],
        "Blob": b"12345",
        "Policy": '{\n  "Version": "2012-10-17"\n}',
        "Looks like a number": "007",
    }
    written = as_yaml(answer)
    assert yaml.safe_load(written) == answer | {"When": "2026-11-25T16:55:00+00:00", "Blob": "(5 B)"}
    assert written.startswith("Zebra: first\nNumbers:\n- 1\n- 2.5\n")
    assert 'Policy: |-\n  {\n    "Version": "2012-10-17"\n  }\n' in written


def test_a_long_text_stays_on_its_line() -> None:
    assert as_yaml({"Text": "word " * 100 + "end"}).count("\n") == 0


def test_variables_are_masked_wherever_they_stand_and_links_to_packages_left_out() -> None:
    environment = {"Variables": {"KEY": samples.SECRET, "EMPTY": "", "STRANGE": {"a": [samples.SECRET]}}}
    answer = {
        "Configuration": {"FunctionName": "orders", "Environment": environment | {"Error": {"Message": "no key"}}},
        "Versions": [{"Environment": environment}],
        "Code": {"Location": "https://signed.example", "RepositoryType": "S3"},
        "Content": {"Location": "https://signed.example", "CodeSize": 7},
        "ResponseMetadata": {"RequestId": "r"},
    }
    written = as_yaml(answer)
    assert samples.SECRET not in written
    assert "signed" not in written
    masked = dict.fromkeys(environment["Variables"], MASKED)
    assert yaml.safe_load(written) == {
        "Configuration": {
            "FunctionName": "orders",
            "Environment": {"Variables": masked, "Error": {"Message": "no key"}},
        },
        "Versions": [{"Environment": {"Variables": masked}}],
        "Code": {"RepositoryType": "S3"},
        "Content": {"CodeSize": 7},
    }


@pytest.mark.parametrize(
    "text", [samples.HARM, "\x1b]52;c;eA==\x07", "a\u202eb", "\u2028", "# no: comment", "| - [", ""]
)
def test_no_text_does_harm_or_breaks_the_form(text: str) -> None:
    written = as_yaml({text: text, "list": [text, {text: text}]})
    assert not {"\x1b", "\x07", "\u202e", "\u2028"} & set(written)
    assert isinstance(yaml.safe_load(written), dict)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_the_members_are_it_is_yaml(seed: int) -> None:
    def strange(value: Any, shape: Any, chance: random.Random) -> Any:
        return chance.choice(shapes.STRANGE) if chance.random() < 0.3 else value

    answer = shapes.example(shapes.output("lambda:GetFunction"), random.Random(seed), strange)
    if isinstance(answer, dict):
        assert yaml.safe_load(as_yaml(answer)) is not None


async def test_a_function_is_told_with_its_variables_masked(aws: Aws, server: FaultServer) -> None:
    configuration = {"FunctionName": "orders", "Environment": {"Variables": {"KEY": samples.SECRET}}}
    server.plan("lambda:GetFunction", faults.answer({"Configuration": configuration, "Tags": {"team": "shop"}}))
    assert await aws.functions.raw("orders") == (
        "Configuration:\n  FunctionName: orders\n  Environment:\n    Variables:\n      KEY: (masked)\n"
        "Tags:\n  team: shop"
    )


async def test_what_is_no_configuration_is_told_as_that(aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:GetFunction", faults.answer({"Sign in": "please"}))
    with pytest.raises(Offline, match="no configuration"):
        await aws.functions.raw("orders")
