from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.logs.filter_pattern import PatternError, compiled

BAD_REQUEST = "[ERROR 400] BAD REQUEST"
MISSING = "[ERROR 419] MISSING ARGUMENTS"
INFO = "[INFO] REQUEST FAILED"

TRAIL = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "cluster.name": "c",
    "flag": True,
    "detail-type": "x",
}
USER = {
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "users": [{"id": 2, "email": "John.Doe@example.com"}, {"id": 3, "email": "Jane.Doe@example.com"}],
    "actions": ["GET", "PUT", "DELETE"],
    "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
}
ACCESS = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


def matches(pattern: str, message: Any) -> bool:
    matcher = compiled(pattern)
    return matcher is None or matcher(message if isinstance(message, str) else json.dumps(message))


@pytest.mark.parametrize("pattern", ["", "  ", '" "'])
def test_a_pattern_of_nothing_matches_everything(pattern: str) -> None:
    assert matches(pattern, "any")
    assert matches(pattern, "")


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("ERROR", [BAD_REQUEST, MISSING, "Exiting with ERRORCODE: -1"], [INFO, "error"]),
        ("ERROR ARGUMENTS", [MISSING], [BAD_REQUEST, INFO]),
        ("?ERROR ?INFO", [BAD_REQUEST, MISSING, INFO], ["fine"]),
        ("?ERROR ?ARGUMENTS REQUEST", [INFO, BAD_REQUEST], [MISSING]),  # the question marks are ignored
        ('"BAD REQUEST"', [BAD_REQUEST], ["BAD  REQUEST", INFO]),
        (r'"say \"hi\" \\ bye"', [r'say "hi" \ bye'], ["say hi"]),
        ("ERROR -ARGUMENTS", [BAD_REQUEST], [MISSING, INFO]),
        ('"ERROR" - "ARGUMENTS"', [BAD_REQUEST], [MISSING, INFO]),
        ("-ERROR", [INFO], [BAD_REQUEST, MISSING]),
        ("%AUTHORIZED%", ["[ERROR 401] UNAUTHORIZED REQUEST"], [INFO]),
        ("%^[hc]at%", ["hat", "cats"], ["a hat", "bat"]),
        (r"%\x28\d{3}\)%", ["call (555)"], ["call 555", "(55)"]),
        ("%^starting|^shutting down%", ["shutting down now"], ["not shutting down"]),
        ("größe", ["die größe"], ["die Größe"]),
    ],
)
def test_terms(pattern: str, matching: list[str], other: list[str]) -> None:
    assert [message for message in matching + other if matches(pattern, message)] == matching


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ("{ $.eventType = UpdateTrail }", True),
        ("{$.eventType=Update*}", True),
        ("{ $.eventType = *Trail }", True),
        ("{ $.eventType = *date* }", True),
        ("{ $.eventType = Up*il }", False),  # an asterisk within is itself
        ("{ $.eventType = updatetrail }", False),
        ("{ $.sourceIPAddress != 123.123.* }", True),
        ("{ $.sourceIPAddress != 111.111.* }", False),
        ('{ $.arrayKey[0] = "value" }', True),
        ('{ $.arrayKey[2] = "value" }', False),
        ("{ $.arrayKey != 1 }", False),  # it points to an array
        ("{ $.nothing != 1 }", False),
        ("{ $.objectList[1].id = 2 }", True),
        ("{ $.eventType = %Trail% }", True),
        ("{ $.arrayKey[*] = %val.{2}% }", True),
        (r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", True),
        ("{ $.objectList[*].id = 2 }", True),
        ("{ $.objectList[*].id = 3 }", False),
        ("{ $.['cluster.name'] = \"c\" }", True),
        ("{ $.detail-type = x }", True),
        ("{ $.SomeObject IS NULL }", True),
        ("{ $.eventType IS NULL }", False),
        ("{ $.missing IS NULL }", False),
        ("{ $.flag IS TRUE }", True),
        ("{ $.flag IS FALSE }", False),
        ("{ $.SomeOtherObject NOT EXISTS }", True),
        ("{ $.SomeObject NOT EXISTS }", False),
    ],
)
def test_fields_of_json(pattern: str, expected: bool) -> None:
    assert matches(pattern, TRAIL) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', True),
        ('{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "n" && $.actions[2] = "n" }', True),
        ('{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = n) && $.actions[2] = n }', False),
        ('{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', False),
        ("{ $.coordinates[1][*] = 6 }", True),
    ],
)
def test_conditions_joined(pattern: str, expected: bool) -> None:
    assert matches(pattern, USER) is expected


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("> 75", 76, True),
        ("> 75", 75, False),
        (">= 60", 60.0, True),
        ("< 10e-3", 0.001, True),
        ("<= +5", 6, False),
        ("= 1e+3", 1000, True),
        ("!= 1e-3", 0.001, False),
        ("!= 500", 400, True),
        ("= -5", -5, True),
        ("= 4*", 404, True),
        ("= 4*", 504, False),
        ("= *", 0, True),
        ("= 400", "400", True),
        ("> 5", "7", False),  # a string has no order
        ("> 5", True, False),
        ("= 9007199254740993", 9007199254740993, True),
        ("= 9007199254740993", 9007199254740992, False),
    ],
)
def test_numbers(condition: str, value: Any, expected: bool) -> None:
    assert matches(f"{{ $.n {condition} }}", {"n": value}) is expected


@pytest.mark.parametrize("message", ["", "plain", "{", '{"n": 1', "[" * 10_000, '"n"', "1", '["n"]', '{"m": 1}'])
def test_what_is_no_such_json_does_not_match(message: str) -> None:
    assert not matches("{ $.n = 1 || $.n.n[0] != 2 }", message)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[ip, user, username, timestamp, request, status_code, bytes]", True),
        ("[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", True),
        (r"[ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request, status_code, bytes > 1000]", True),
        ("[ip, user, username, timestamp, request, status_code, bytes > 2000]", False),
        ("[..., request =*.html*, status_code = 4*, bytes]", True),
        ("[..., status_code=4*,]", True),
        ("[ip, ..., status_code = 404 || status_code = 410, bytes]", True),
        ("[ip, ..., status_code = 4* && status_code != 404, bytes]", False),
        ("[ip, (user = Prod || user = Test) && user != Test, ...]", True),
        ("[ip = 127.0.0.1, ...]", True),
        ("[ip = 127.0.0.2, ...]", False),
        ("[..., a, b, c, d, e, f, g, h]", False),
        ("[ip, user, username, timestamp, request, status_code, bytes, more]", False),
        ('[ip, user, username, timestamp = "10/Oct/2000:13:25:15 -0700", ...]', True),
        ("[ip, rest = Prod*]", True),  # the last one gets what is left
        ("[ip, rest = *1534]", True),
        ("[ip > 5, ...]", False),
    ],
)
def test_fields_with_spaces_between(pattern: str, expected: bool) -> None:
    assert matches(pattern, ACCESS) is expected


def test_the_first_word_of_a_line_of_any_length() -> None:
    lines = ["ERROR 12:00:02 Failed to process request", "WARNING 12:00:02 Invalid user request", "INFO GET 1"]

    assert [matches("[w1=ERROR, w2]", line) for line in lines] == [True, False, False]
    assert [matches("[w1=ERROR || w1=WARNING, w2]", line) for line in lines] == [True, True, False]
    assert [matches("[w1!=ERROR && w1!=WARNING, w2]", line) for line in lines] == [False, False, True]
    assert [matches("[w1=ERROR]", line) for line in [*lines, "ERROR"]] == [False, False, False, True]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("?Status: timeout", "Invalid character(s) in term ':'"),
        ("a,b", "Invalid character(s) in term ','"),
        ("me@example.com", "Invalid character(s) in term '@'"),
        ('""', "Invalid character(s) in term '\"\"'"),
        ('{ $."sc-status" = 5* }', "Invalid character(s) in term '$.\"'"),
        ("%a(b)%", "Invalid character(s) in term '('"),
        ("%something!%", "Invalid character(s) in term '!'"),
        (r"%\b%", "Invalid character(s) in term '\\'"),
        ("{ $ = 1 }", "Invalid character(s) in term '$'"),
        ("{ $.a = 1", "If a filter pattern starts with '{' it must end with '}'"),
        ("[a, b", "If a filter pattern starts with '[' it must end with ']'"),
        ("{", "If a filter pattern starts with '{' it must end with '}'"),
        *[
            (pattern, "Invalid filter pattern")
            for pattern in (
                '"open', "%open", "%%", "%a{2,1}%", "%*%", "{}", "[]", "{ $.a }", "{ a = 1 }",
                "{ $.a = }", "{ $.a > b }", "{ $.a IS }", "{ $.a IS NOT NULL }", "{ $.a EXISTS }", "{ ($.a = 1 }",
                "{ $.a = 1 && }", "{ $.a = 1 $.b = 2 }", "{ $.a[*].b[*] = 1 }", '{ $.a = "open }', "[a b]",
                "[..., a, ...]", "[a = 1 && b = 2]", "[a = ]", "[a > x]", "[= 1]", '["a"]', "[%a%]",
                "{ $.a = %a% || $.b = %b% || $.c = %c% }",
                "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.d[*] = 1 }",
            )
        ],
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_words_of_aws(pattern: str, message: str) -> None:
    with pytest.raises(PatternError) as problem:
        compiled(pattern)

    assert str(problem.value) == message


def test_parentheses_without_end_are_an_error_not_a_crash() -> None:
    with pytest.raises(PatternError):
        compiled("{" + "(" * 500 + "$.a = 1" + ")" * 500 + "}")


PIECES = st.sampled_from(
    [*'{}[]()"%?-=<>!&|*.,$ \\', "$.a", "a", "1", "...", "IS", "NULL", "NOT", "EXISTS", "&&", "||"]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=30))
def test_any_text_is_a_pattern_or_a_pattern_error(pattern: str, message: str) -> None:
    try:
        matcher = compiled(pattern)
    except PatternError:
        return
    assert matcher is None or matcher(message) in (True, False)


WORDS = st.lists(st.from_regex(r"[a-c_0-9]{1,3}", fullmatch=True), min_size=1, max_size=3)


@given(WORDS, st.text("abc_012 ", max_size=20))
def test_words_are_all_to_be_found_and_with_question_marks_one_of_them(words: list[str], message: str) -> None:
    assert matches(" ".join(words), message) == all(word in message for word in words)
    assert matches(" ".join(f"?{word}" for word in words), message) == any(word in message for word in words)
