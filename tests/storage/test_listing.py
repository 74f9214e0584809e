"""A listing comes back as it was, for those it was made for, and from nothing that is broken."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lambdatui.model.functions import Function
from lambdatui.model.identity import Identity
from lambdatui.model.text import one_line
from lambdatui.storage import listing
from lambdatui.storage.listing import FILES, HEAD, ListingCache, place_key
from tests import samples

WHO = Identity("prod", "eu-west-1", "123456789012", endpoint="")
PLACE = "prod-eu-west-1-aws-0"


@pytest.fixture
def cache(tmp_path: Path) -> ListingCache:
    return ListingCache(tmp_path / "cache")


async def everything(cache: ListingCache, place: str = PLACE, account: str = WHO.account) -> list[Function]:
    return [function async for part in cache.rest(place, account) for function in part]


def many(count: int) -> list[Function]:
    return [replace(samples.function(f"function-{number:05d}"), tags={"n": str(number)}) for number in range(count)]


def corrupt(cache: ListingCache, data: bytes) -> Path:
    path = cache.path(PLACE, WHO.account)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


async def test_a_listing_comes_back_as_it_was_the_first_screenful_by_itself(cache: ListingCache) -> None:
    functions = many(3_000)
    await cache.save(PLACE, WHO, functions)
    found = cache.head(PLACE, WHO.account)
    assert found is not None
    assert found.functions == functions[:HEAD]
    assert (found.count, found.identity) == (3_000, WHO)
    assert await everything(cache) == functions
    assert cache.path(PLACE, WHO.account).stat().st_mode & 0o777 == 0o600


async def test_functions_of_every_kind_come_back(cache: ListingCache) -> None:
    functions = [*samples.functions(), samples.hostile_function()]
    await cache.save(PLACE, WHO, functions)
    assert await everything(cache) == functions
    assert (await everything(cache))[-1].modified == functions[-1].modified


async def test_each_account_and_place_has_its_own(cache: ListingCache) -> None:
    other = WHO._replace(account="210987654321")
    await cache.save(PLACE, WHO, many(1))
    await cache.save(PLACE, other, many(2))
    await cache.save("elsewhere", WHO, many(3))
    assert [len(await everything(cache, *it)) for it in ((PLACE, WHO.account), (PLACE, other.account))] == [1, 2]
    assert len(await everything(cache, "elsewhere")) == 3
    assert cache.head("nowhere", WHO.account) is None


def test_what_decides_who_asks_makes_another_place_and_no_key_is_in_it() -> None:
    places = [
        place_key(None, None, None, {}),
        place_key("default", "eu-west-1", None, {}),
        place_key("prod", None, None, {}),
        place_key("prod", None, "http://localhost:1", {}),
        place_key("prod", None, None, {"AWS_ACCESS_KEY_ID": "AKIAAAAAAAAAAAAAAAAA"}),
        place_key("prod", None, None, {"AWS_ACCESS_KEY_ID": "AKIABBBBBBBBBBBBBBBB"}),
        place_key("p/../rod", None, None, {}),
        place_key("x" * 400, None, None, {}),
    ]
    assert len(set(places)) == len(places)
    assert not any("AKIA" in place or "/" in place or len(place) > 120 for place in places)
    assert place_key("prod", None, None, {"PATH": "/bin"}) == places[2]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\n", b"{}\n", b"[]\n[]\n", b"\xff\n", b"7\n7\n", b"[" * 200_000 + b"\n",
        b'{"version":99,"saved":"2026-11-25T00:00:00+00:00","count":1,"profile":"","account":"","region":""}\n',
    ],
)  # fmt: skip
async def test_a_file_that_is_broken_is_set_aside_and_counts_as_none(cache: ListingCache, data: bytes) -> None:
    path = corrupt(cache, data)
    assert cache.head(PLACE, WHO.account) is None
    assert not path.exists()
    await cache.save(PLACE, WHO, many(2))
    assert len(await everything(cache)) == 2


@pytest.mark.parametrize("line", [b"{}", b"[]", b'["a"]', b"[1,2,3,4,5,6,7,8,9,10,11,12,13,14]", b"null", b'"x'])
async def test_a_line_that_is_broken_ends_it_and_what_came_before_stays(cache: ListingCache, line: bytes) -> None:
    functions = many(listing.A_SLICE)
    await cache.save(PLACE, WHO, functions)
    corrupt(cache, cache.path(PLACE, WHO.account).read_bytes() + line + b"\n" + line + b"\n")
    assert await everything(cache) == functions
    assert cache.head(PLACE, WHO.account) is None


async def test_a_folder_that_cannot_be_written_costs_only_the_head_start(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    cache = ListingCache(tmp_path / "cache")
    await cache.save(PLACE, WHO, many(2))
    assert cache.head(PLACE, WHO.account) is None
    assert await everything(cache) == []


async def test_old_files_go(cache: ListingCache) -> None:
    for number in range(FILES + 3):
        await cache.save(f"place-{number}", WHO, many(1))
    assert len(list(cache.path(PLACE, "").parent.iterdir())) == FILES


async def test_what_somebody_wrote_into_it_is_made_safe(cache: ListingCache) -> None:
    await cache.save(PLACE, WHO, many(1))
    path = cache.path(PLACE, WHO.account)
    lines = path.read_text().splitlines()
    row = json.loads(lines[1])
    row[0] = "\x1b]52;c;x\x07"
    corrupt(cache, f"{lines[0]}\n{json.dumps(row)}\n".encode())
    assert (await everything(cache))[0].name == "␛]52;c;x␇"
    raw = json.dumps(row).encode().replace(b"\\u001b", b"\x1b")  # which is no JSON
    corrupt(cache, lines[0].encode() + b"\n" + raw + b"\n")
    assert await everything(cache) == []


TEXTS = st.text(max_size=30)
ROWS = st.builds(
    Function, name=TEXTS, arn=TEXTS, runtime=TEXTS, memory=st.integers(1, 10**5), timeout=st.integers(1, 900),
    architectures=st.lists(TEXTS, max_size=2).map(tuple), modified=st.none(), description=TEXTS, package_type=TEXTS,
    handler=TEXTS, code_size=st.integers(0, 2**40), own_log_group=TEXTS, layers=st.lists(TEXTS, max_size=3).map(tuple),
    tags=st.none() | st.dictionaries(TEXTS, TEXTS, max_size=3),
)  # fmt: skip


def safe(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(one_line, value))
    if isinstance(value, dict):
        return {one_line(name): one_line(it) for name, it in value.items()}
    return one_line(value) if isinstance(value, str) else value


@given(st.lists(ROWS, max_size=5))
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_functions_come_back_as_they_were_but_for_what_is_unsafe(
    cache: ListingCache, functions: list[Function]
) -> None:
    async def there_and_back() -> list[Function]:
        await cache.save(PLACE, WHO, functions)
        return await everything(cache)

    fields = [field for field in Function.__slots__ if field != "state"]
    expected = [replace(it, **{field: safe(getattr(it, field)) for field in fields}) for it in functions]
    assert asyncio.run(there_and_back()) == expected
