"""The pool with real environments: warm and cold, at once, throttled, provisioned, reaped."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from lambdatui.local.concurrency import Throttled
from lambdatui.local.environment import Environment
from lambdatui.local.execution import Call, Logging, NotRunnable, Program
from lambdatui.local.fleet import Worker
from lambdatui.local.log_store import LogStore
from lambdatui.local.metric_store import MetricStore
from lambdatui.local.places import HOME
from lambdatui.local.pool import Finished, Order, Pool
from lambdatui.local.sandbox.packages import Workspace
from lambdatui.local.telemetry import TAIL, LambdaMetrics, StreamReport

pytestmark = pytest.mark.local

# What it is told to touch it touches, and then waits until what it is told to wait for is there.
CODE = """
import os, pathlib, time

def handler(event, context):
    if "touch" in event:
        pathlib.Path(event["touch"]).touch()
    while "until" in event and not pathlib.Path(event["until"]).exists():
        time.sleep(0.002)
    return {"pid": os.getpid(), "kind": os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]}
"""


def _package(work: str = "") -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", CODE.replace("    if", f"    {work}\n    if", 1))
    return package.getvalue()


PROGRAM = Program(
    HOME, "f", "$LATEST", "python3.13", "app.handler", Logging("/aws/lambda/f"), _package(), timeout=30, fingerprint="1"
)


class Machine:
    """A pool, and what was counted and logged in it."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.workspace = Workspace(folder, endpoint_url="http://127.0.0.1:1")
        self.logs = LogStore(lambda place, group: 0)
        self.metrics = MetricStore()
        self.reserved: dict[str, int] = {}
        self.workers: list[Worker] = []
        self.pool = Pool(self._make, LambdaMetrics(self.metrics), lambda place: self.reserved, **settings)

    def _make(self, program: Program, kind: str) -> Worker:
        reports: list[StreamReport] = []

        def report(stream: str) -> StreamReport:
            reports.append(StreamReport(program, stream, self.logs, kind=kind))
            return reports[0]

        self.workers.append(Worker(program, Environment(program, self.workspace, report, kind=kind), reports[0]))
        return self.workers[-1]

    def begin(self, program: Program = PROGRAM, *, reserved: int | None = None, **event: str) -> Future[Finished]:
        call = Call(str(uuid4()), json.dumps(event).encode(), program.arn)
        return self.pool.invoke(Order(program, call, reserved))

    def call(self, program: Program = PROGRAM, **settings: Any) -> Any:
        """What the function returns."""
        return json.loads(self.begin(program, **settings).result(30).result.payload)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Callable[..., Machine]]:
    """machine(limit=…, most=…, idle=…): a pool of its own."""
    made: list[Machine] = []

    def make(**settings: Any) -> Machine:
        made.append(Machine(tmp_path / f"run-{len(made)}", **settings))
        return made[-1]

    yield make
    for each in made:
        each.pool.close()


class Held:
    """Calls that run until let go."""

    def __init__(self, machine: Machine, folder: Path, eventually: Any) -> None:
        self._machine = machine
        self._folder = folder
        self._eventually = eventually
        self._gate = folder / f"gate-{uuid4()}"
        self._calls: list[Future[Finished]] = []

    def hold(self, program: Program = PROGRAM, **settings: Any) -> None:
        """One more runs from now on."""
        mark = self._folder / f"mark-{uuid4()}"
        self._calls.append(self._machine.begin(program, touch=str(mark), until=str(self._gate), **settings))
        self._eventually(mark.exists, within=20)

    def let_go(self) -> list[Any]:
        """What they return."""
        self._gate.touch()
        return [json.loads(call.result(30).result.payload) for call in self._calls]


@pytest.fixture
def held(tmp_path: Path, eventually: Any) -> Callable[[Machine], Held]:
    return lambda machine: Held(machine, tmp_path, eventually)


def test_one_call_after_the_other_runs_in_the_same_environment(machine: Any) -> None:
    here = machine()

    assert here.call()["pid"] == here.call()["pid"]
    assert len(here.workers) == 1


def test_only_the_first_call_has_an_init(machine: Any) -> None:
    here = machine()

    cold, warm = here.begin().result(30), here.begin().result(30)

    assert cold.result.init is not None
    assert warm.result.init is None
    assert cold.log.startswith(b"START RequestId: ")
    assert b"\tInit Duration: " in cold.log
    assert b"\tInit Duration: " not in warm.log


def test_in_the_tail_of_the_log_each_record_is_a_line(machine: Any) -> None:
    logging = Logging("/aws/lambda/f", json=True, system_level="DEBUG")

    log = machine().begin(replace(PROGRAM, logging=logging)).result(30).log

    kinds = [json.loads(line)["type"] for line in log.removesuffix(b"\n").split(b"\n")]
    assert kinds == ["platform.start", "platform.runtimeDone", "platform.report"]


def test_calls_at_once_have_environments_of_their_own(machine: Any, held: Any) -> None:
    here = machine()
    both = held(here)
    both.hold()
    both.hold()

    assert len({answer["pid"] for answer in both.let_go()}) == 2


def test_what_has_reserved_one_runs_once_at_a_time(machine: Any, held: Any) -> None:
    here = machine()
    here.reserved["f"] = 1
    first = held(here)
    first.hold(reserved=1)

    with pytest.raises(Throttled) as throttled:
        here.call(reserved=1)
    first.let_go()

    assert throttled.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert here.call(reserved=1)["kind"] == "on-demand"


def test_the_account_has_a_limit_and_reservations_are_not_for_others(machine: Any, held: Any) -> None:
    here = machine(limit=3)
    here.reserved["f"] = 2
    other = replace(PROGRAM, name="other")
    first = held(here)
    first.hold(other)

    with pytest.raises(Throttled) as throttled:
        here.call(other)
    first.hold(reserved=2)
    first.let_go()

    assert throttled.value.reason == "ConcurrentInvocationLimitExceeded"


def test_a_changed_function_runs_in_a_new_environment(machine: Any) -> None:
    here = machine()
    before = here.call()

    assert here.call(replace(PROGRAM, fingerprint="2"))["pid"] != before["pid"]


def test_a_forgotten_function_ends_its_idle_environments(machine: Any, eventually: Any) -> None:
    here = machine()
    pid = here.call()["pid"]

    here.pool.forget(HOME, "f")

    eventually(lambda: not Path(f"/proc/{pid}").exists())


def test_an_environment_that_runs_when_its_function_is_forgotten_ends_after_its_call(
    machine: Any, held: Any, eventually: Any
) -> None:
    here = machine()
    running = held(here)
    running.hold()
    here.pool.forget(HOME, "f")

    [answer] = running.let_go()

    eventually(lambda: not Path(f"/proc/{answer['pid']}").exists())


def test_what_nobody_calls_is_reaped(machine: Any, eventually: Any) -> None:
    here = machine(idle=0.05)
    pid = here.call()["pid"]

    eventually(lambda: not Path(f"/proc/{pid}").exists())
    assert here.call()["pid"] != pid


def test_an_environment_that_died_while_idle_is_not_used_again(machine: Any, eventually: Any) -> None:
    here = machine()
    pid = here.call()["pid"]
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not Path(f"/proc/{pid}").exists())

    assert here.call()["pid"] != pid


def test_a_full_machine_gives_up_what_idles_longest(machine: Any, eventually: Any) -> None:
    here = machine(most=2)
    oldest = here.call(replace(PROGRAM, name="a"))["pid"]
    newer = here.call(replace(PROGRAM, name="b"))["pid"]

    here.call(replace(PROGRAM, name="c"))

    eventually(lambda: not Path(f"/proc/{oldest}").exists())
    assert here.call(replace(PROGRAM, name="b"))["pid"] == newer


def test_a_full_machine_where_all_run_throttles(machine: Any, held: Any) -> None:
    here = machine(most=1)
    running = held(here)
    running.hold()

    with pytest.raises(Throttled):
        here.call()
    running.let_go()


def test_provisioned_concurrency_is_ready_before_the_first_call(machine: Any, eventually: Any) -> None:
    here = machine()
    version = replace(PROGRAM, version="1")

    here.pool.provision(HOME, "f", [(version, 2)])
    eventually(lambda: sum(worker.environment.usable for worker in here.workers) == 2, within=20)

    finished = here.begin(version).result(30)
    assert json.loads(finished.result.payload)["kind"] == "provisioned-concurrency"
    assert len(here.workers) == 2


def test_a_call_that_comes_too_early_waits_for_what_is_being_provisioned(machine: Any) -> None:
    here = machine()
    version = replace(PROGRAM, version="1")

    here.pool.provision(HOME, "f", [(version, 2)])
    here.pool.provision(HOME, "f", [(version, 2)])
    calls = [here.begin(version), here.begin(version)]

    kinds = [json.loads(call.result(30).result.payload)["kind"] for call in calls]
    assert kinds == ["provisioned-concurrency"] * 2
    assert len(here.workers) == 2


def test_what_is_no_longer_provisioned_ends(machine: Any, held: Any, eventually: Any) -> None:
    here = machine()
    version = replace(PROGRAM, version="1")
    here.pool.provision(HOME, "f", [(version, 3)])
    eventually(lambda: sum(worker.environment.usable for worker in here.workers) == 3, within=20)
    running = held(here)
    running.hold(version)

    here.pool.provision(HOME, "f", [(version, 2)])
    eventually(lambda: sum(worker.environment.usable for worker in here.workers) == 1)
    here.pool.provision(HOME, "f", [])
    eventually(lambda: not any(worker.environment.usable for worker in here.workers))

    assert running.let_go()[0]["kind"] == "provisioned-concurrency"
    assert here.call(version)["kind"] == "on-demand"
    assert len(here.workers) == 4


def test_calls_beyond_what_is_provisioned_spill_over(machine: Any, held: Any, eventually: Any) -> None:
    here = machine()
    version = replace(PROGRAM, version="1")
    here.pool.provision(HOME, "f", [(version, 1)])
    eventually(lambda: any(worker.environment.usable for worker in here.workers), within=20)
    both = held(here)
    both.hold(version)
    both.hold(version)

    assert [answer["kind"] for answer in both.let_go()] == ["provisioned-concurrency", "on-demand"]


def test_a_client_that_gives_up_does_not_end_the_call(machine: Any, tmp_path: Path, eventually: Any) -> None:
    here = machine()
    gate, mark = tmp_path / "gate", tmp_path / "mark"
    call = here.begin(touch=str(mark), until=str(gate))
    eventually(mark.exists, within=20)

    call.cancel()
    gate.touch()

    # The environment comes back, and takes the next call.
    eventually(lambda: here.workers[0].environment.usable)
    assert len(here.workers) == 1


def test_what_cannot_run_here_says_so_and_is_not_counted_any_more(machine: Any) -> None:
    here = machine()
    image = replace(PROGRAM, runtime="", handler="", image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:7")

    for _ in range(3):
        with pytest.raises(NotRunnable):
            here.call(image, reserved=1)


def test_many_threads_may_invoke_at_once(machine: Any) -> None:
    here = machine()
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(here.call())) for _ in range(12)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 12
    assert len({answer["pid"] for answer in answers}) == len(here.workers)


def test_a_tail_begins_within_what_was_printed_at_once(machine: Any) -> None:
    finished = machine().begin(replace(PROGRAM, code=_package("print(*range(2000), sep='\\n')"))).result(30)

    *printed, _, _ = finished.log.decode().splitlines()

    assert len(finished.log) == TAIL
    assert printed[1:] == [str(number) for number in range(2001 - len(printed), 2000)]
