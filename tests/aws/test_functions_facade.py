"""The list of functions page by page, the whole configuration of one, and the SDK's model that both stand on."""

from __future__ import annotations

from typing import Any

import botocore.loaders
import botocore.model
import pytest

from lambdatui.aws import calls
from lambdatui.aws.functions import _KNOWN, parse_configuration, parse_function
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import READS, WRITES
from lambdatui.aws.shapes import moment
from lambdatui.model.configuration import Masked
from lambdatui.model.errors import Offline
from lambdatui.model.overview import describe
from tests.aws import faults
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import listed


def service(name: str) -> botocore.model.ServiceModel:
    return botocore.model.ServiceModel(botocore.loaders.create_loader().load_service_model(name, "service-2"), name)


def example(shape: Any, path: str, depth: int = 0) -> Any:
    """A value of a shape in which every member is there; texts say where they are from."""
    if shape.type_name == "structure":
        return {name: example(member, f"{path}.{name}", depth + 1) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return [example(shape.member, f"{path}[]", depth + 1)]
    if shape.type_name == "map":
        return {f"{path}-name": example(shape.value, f"{path}-value", depth + 1)}
    return {"integer": 7, "long": 77_000, "boolean": True}.get(shape.type_name, path)


async def test_pages_are_followed_by_their_marker(aws: Aws, server: FaultServer) -> None:
    server.plan(
        "lambda:ListFunctions",
        faults.functions("a", "b", marker="one/+="),
        faults.functions(marker="two"),
        faults.functions("c"),
    )
    pages = [[function.name for function in page] async for page in aws.functions.pages()]
    assert pages == [["a", "b"], [], ["c"]]
    assert [seen.parameters.get("Marker") for seen in server.journal] == [None, "one/+=", "two"]


@pytest.mark.parametrize("markers", [["x", "x"], ["x", "y", "x"]])
async def test_a_marker_that_comes_again_is_an_error(markers: list[str], aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:ListFunctions", *(faults.functions(f"f{i}", marker=m) for i, m in enumerate(markers)))
    seen: list[str] = []

    async def read() -> None:
        async for page in aws.functions.pages():
            seen.extend(function.name for function in page)

    with pytest.raises(Offline, match="a page marker came again") as told:
        await read()
    assert seen == [f"f{i}" for i in range(len(markers))]
    assert told.value.remedy


async def test_a_list_that_does_not_end_is_an_error(
    aws: Aws, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MOST_PAGES", 7)
    server.plan("lambda:ListFunctions", faults.endless_pages())
    with pytest.raises(Offline, match="7 pages came, and not the last"):
        await listed(aws)
    assert len(server.journal) == 7


async def test_a_page_is_given_before_the_next_is_asked_for(aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:ListFunctions", faults.functions("a", marker="m"), faults.aws_error(403, "AccessDenied"))
    pages = aws.functions.pages()
    assert [function.name for function in await anext(aiter(pages))] == ["a"]
    assert len(server.journal) == 1


async def test_a_name_is_sent_as_it_is(aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:GetFunction", faults.answer({"Configuration": {"FunctionName": "f"}}))
    arn = f"arn:aws:lambda:eu-west-1:{faults.ACCOUNT}:function:f:live"
    await aws.functions.describe(arn)
    assert server.journal[0].path.startswith("/2015-03-31/functions/arn%3Aaws%3Alambda%3A")


async def test_the_code_signing_configuration_is_its_arn_or_none(aws: Aws, server: FaultServer) -> None:
    missing = faults.aws_error(404, "ResourceNotFoundException", "It has no code signing configuration.")
    arn = {"FunctionName": "orders", "CodeSigningConfigArn": "arn:csc\u202e"}
    server.plan("lambda:GetFunctionCodeSigningConfig", faults.answer({}), missing, faults.answer(arn))
    assert [await aws.functions.code_signing("orders") for _ in range(3)] == ["", "", "arn:csc\\u202e"]


async def test_what_becomes_of_loops_is_awss_word(aws: Aws, server: FaultServer) -> None:
    operation = "lambda:GetFunctionRecursionConfig"
    server.plan(operation, faults.answer({"RecursiveLoop": "Allow"}), faults.answer({}))
    assert await aws.functions.recursion("orders") == "Allow"
    with pytest.raises(Offline, match="it has no word of loops"):
        await aws.functions.recursion("orders")


@pytest.mark.parametrize("operation", sorted(READS | WRITES))
def test_every_operation_that_the_guard_names_is_one_of_awss(operation: str) -> None:
    name, _, api = operation.partition(":")
    assert api in service(name).operation_names


def paths(shape: Any, path: str = "") -> set[str]:
    """The paths of all members of a shape, through lists too."""
    if shape.type_name == "list":
        return paths(shape.member, path)
    if shape.type_name != "structure":
        return {path}
    members = {f"{path}.{name}" if path else name: member for name, member in shape.members.items()}
    return {path}.union(*(paths(member, name) for name, member in members.items()))


def test_every_field_that_is_known_is_one_of_awss() -> None:
    shapes: Any = service("lambda").shape_for
    assert paths(shapes("FunctionConfiguration")) | paths(shapes("FunctionCodeLocation"), "Code") >= _KNOWN.paths


def test_every_field_that_get_function_answers_is_shown() -> None:
    answer = example(service("lambda").operation_model("GetFunction").output_shape, "")
    answer["Configuration"] |= {"PackageType": "Image", "LastModified": "2026-11-23T13:12:20.123+0000"}
    shown = "\n".join(
        f"{fact.label}={fact.value.reveal() if isinstance(fact.value, Masked) else fact.value}"
        for facts in describe(parse_configuration(answer))
        for fact in facts.lines
    )
    assert {text for text in _texts(answer) if text not in shown} == {".Code.Location"}
    for number in ("77 kB", "Memory=7 MB", "Timeout=7 s", "Ephemeral storage=7 MB", "Reserved concurrency=7"):
        assert number in shown


def _texts(value: Any) -> set[str]:
    """All texts in an example that say where they are from."""
    if isinstance(value, dict):
        return set().union(*(_texts(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*map(_texts, value))
    return {value} if isinstance(value, str) and value.startswith(".") else set()


def test_where_the_package_can_be_fetched_from_is_not_kept() -> None:
    it = parse_configuration({"Code": {"Location": "https://bucket/key?X-Amz-Signature=hunter2", "New": "n"}})
    assert "hunter2" not in repr(it)
    assert it.other == {"Code.New": "n"}


def test_what_is_not_known_yet_is_shown_by_awss_name() -> None:
    it = parse_configuration({"Configuration": {"FunctionName": "f", "Brand\u202eNew": {"A": 1}}})
    assert it.other == {"Brand\\u202eNew.A": "1"}
    assert describe(it)[-1].title == "Other"


@pytest.mark.parametrize("answer", [{}, {"Configuration": None}, {"Configuration": {}, "Tags": None, "Code": None}])
def test_an_answer_with_nothing_in_it_is_no_crash(answer: dict[str, Any]) -> None:
    assert describe(parse_configuration(answer))


def test_a_function_without_a_log_group_has_the_default_one() -> None:
    assert parse_function({"FunctionName": "f"}).log_group == "/aws/lambda/f"
    assert parse_function({"FunctionName": "f", "LoggingConfig": {"LogGroup": "g"}}).log_group == "g"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-23", "2026-11-23T13:12:20", "9999-99-99T00:00:00+0000"])
def test_a_time_that_is_none_is_none(text: str) -> None:
    assert moment(text) is None


def test_a_time_of_lambdas_is_read() -> None:
    read = moment("2026-11-23T13:12:20.123+0000")
    assert read is not None
    assert read.isoformat() == "2026-11-23T13:12:20.123000+00:00"


def test_a_secret_is_in_nothing_that_is_printed() -> None:
    it = parse_configuration({"Configuration": {"Environment": {"Variables": {"DB_PASSWORD": "hunter2"}}}})
    assert "hunter2" not in f"{it!r} {it} {describe(it)} {it.environment}"
