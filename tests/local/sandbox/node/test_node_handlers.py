"""Where Node.js handlers are found, and what is told when they are not."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.local.sandbox.node.function import Node

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

CJS = "exports.handler = async () => 'cjs'"
ESM = "export const handler = async () => 'esm'"
AWAITING = "const late = await new Promise((r) => setTimeout(r, 5, 7)); export const f = async () => late"
REQUIRING = {"lib/a.js": "module.exports = 8", "index.js": "const a = require('./lib/a'); exports.f = async () => a"}
IMPORTING = {
    "lib/a.mjs": "export default 9",
    "index.mjs": "import a from './lib/a.mjs'; export const f = async () => a",
}
STREAMING_ALL = "exports.f = Object.assign(() => {}, { [Symbol.for('aws.lambda.runtime.handler.streaming')]: 'all' })"
CUT_OFF = "SyntaxError: Unexpected end of input"


@pytest.mark.parametrize(
    ("files", "handler", "result"),
    [
        ({"index.js": CJS}, "index.handler", "cjs"),
        ({"index.mjs": ESM}, "index.handler", "esm"),
        ({"index.cjs": CJS}, "index.handler", "cjs"),
        ({"index": CJS}, "index.handler", "cjs"),
        ({"src/deep/app.js": CJS}, "src/deep/app.handler", "cjs"),
        ({"mod.js": "exports.a = { b: async () => 'nested' }"}, "mod.a.b", "nested"),
        ({"mod.mjs": "export const a = { b: async () => 'nested' }"}, "mod.a.b", "nested"),
        ({"index.mjs": "export default async () => 'default'"}, "index.default", "default"),
        ({"index.js": ESM, "package.json": '{"type": "module"}'}, "index.handler", "esm"),
        ({"src/index.js": ESM, "package.json": '{"type": "module"}'}, "src/index.handler", "esm"),
        (
            {"src/index.js": CJS, "src/package.json": "{}", "package.json": '{"type": "module"}'},
            "src/index.handler",
            "cjs",
        ),
        ({"index.js": CJS, "package.json": '{"type": "commonjs"}'}, "index.handler", "cjs"),
        (
            {
                "node_modules/index.js": "Object.assign(exports, { ['han' + 'dler']: async () => 'cjs' })",
                "package.json": '{"type": "module"}',
            },
            "node_modules/index.handler",
            "cjs",
        ),
        ({"index.mjs": AWAITING}, "index.f", 7),
        ({"index.js": CJS, "index.mjs": ESM}, "index.handler", "cjs"),
        ({"index.mjs": ESM, "index.cjs": CJS}, "index.handler", "esm"),
        ({"node_modules/shop/index.js": CJS}, "shop.handler", "cjs"),
        (REQUIRING, "index.f", 8),
        (IMPORTING, "index.f", 9),
    ],
)
def test_a_handler_is_found(node: Node, files: dict[str, str], handler: str, result: object) -> None:
    assert node(files, handler).returned() == result


LAYER = {
    "node_modules/cjs-only/package.json": '{"name": "cjs-only", "main": "a.js"}',
    "node_modules/cjs-only/a.js": "exports.name = 'c'",
    "node_modules/dual/package.json": (
        '{"name": "dual", "exports": {".": {"import": "./i.mjs", "require": "./r.js"}, "./sub": "./sub.mjs"}}'
    ),
    "node_modules/dual/i.mjs": "export const name = 'i'; export * from 'cjs-only'",
    "node_modules/dual/r.js": "exports.name = 'r'",
    "node_modules/dual/sub.mjs": "export const sub = 's'",
    "node_modules/@our/shop/index.mjs": "export const name = 'o'",
    "node_modules/@our/shop/package.json": '{"name": "@our/shop", "main": "index.mjs"}',
}


@pytest.mark.parametrize(
    ("file", "code", "result"),
    [
        ("index.js", "const { name } = require('dual'); exports.handler = async () => name", "r"),
        ("index.mjs", "import { name } from 'dual'; export const handler = async () => name", "i"),
        ("index.mjs", "import { sub } from 'dual/sub'; export const handler = async () => sub", "s"),
        ("index.mjs", "export const handler = async () => (await import('cjs-only')).name", "c"),
        ("index.mjs", "import { name } from '@our/shop'; export const handler = async () => name", "o"),
        ("index.mjs", "import { name } from '@our/shop/index.mjs'; export const handler = async () => name", "o"),
    ],
)
def test_packages_of_a_layer_are_found(node: Node, tmp_path: Path, file: str, code: str, result: str) -> None:
    for name, text in LAYER.items():
        (tmp_path / "opt" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "opt" / name).write_text(text)
    folders = f"{tmp_path}/opt/none/node_modules:{tmp_path}/opt/node_modules:{tmp_path}/opt"
    assert node({file: code}, NODE_PATH=folders).returned() == result


def test_a_package_that_no_layer_has_is_missed_as_without_layers(node: Node, tmp_path: Path) -> None:
    layers = tmp_path / "layers"
    (layers / "a/node_modules").mkdir(parents=True)
    (layers / "node_modules/absent").mkdir(parents=True)
    (layers / "node_modules/absent/index.js").touch()  # beside a folder on NODE_PATH, not on it
    code = {"index.mjs": "import 'absent'; export const handler = async () => 1"}
    error = node(code, NODE_PATH=f"{layers}/a/node_modules:{layers}/a").posted().json
    assert error["errorType"] == "Error"
    assert error["errorMessage"] == f"Cannot find package 'absent' imported from {tmp_path}/0/task/index.mjs"


@pytest.mark.parametrize(
    ("files", "handler", "kind", "message"),
    [
        (
            {"index.js": ""},
            "app.handler",
            "Runtime.ImportModuleError",
            "Error: Cannot find module 'app'\nRequire stack:\n- /var/runtime/index.mjs",
        ),
        (
            {"index.js": "require('absent')"},
            "index.handler",
            "Runtime.ImportModuleError",
            "Error: Cannot find module 'absent'\nRequire stack:\n- TASK/index.js\n- /var/runtime/index.mjs",
        ),
        ({"index.js": "("}, "index.handler", "Runtime.UserCodeSyntaxError", CUT_OFF),
        ({"index.mjs": "export let"}, "index.handler", "Runtime.UserCodeSyntaxError", CUT_OFF),
        ({"index.js": CJS}, "index.other", "Runtime.HandlerNotFound", "index.other is undefined or not exported"),
        ({"index.js": CJS}, "index.a.b", "Runtime.HandlerNotFound", "index.a.b is undefined or not exported"),
        ({"index.js": "exports.f = 1"}, "index.f", "Runtime.HandlerNotFound", "index.f is not a function"),
        ({"index.js": CJS}, "index", "Runtime.MalformedHandlerName", "Bad handler"),
        (
            {"index.js": CJS},
            "../index.handler",
            "Runtime.MalformedHandlerName",
            "'../index.handler' is not a valid handler name. Use absolute paths when specifying root directories in "
            "handler names.",
        ),
        (
            {"index.mjs": "import 'absent'"},
            "index.handler",
            "Error",
            "Cannot find package 'absent' imported from TASK/index.mjs",
        ),
        (
            {"index.mjs": "require('fs')"},
            "index.handler",
            "ReferenceError",
            "require is not defined in ES module scope, you can use import instead",
        ),
        ({"index.js": "throw new TypeError('at import')"}, "index.handler", "TypeError", "at import"),
        ({"index.mjs": "await Promise.reject(new TypeError('later'))"}, "index.handler", "TypeError", "later"),
        ({"index.js": "throw null"}, "index.handler", "object", "null"),
        (
            {"index.js": STREAMING_ALL},
            "index.f",
            "Runtime.MalformedStreamingHandler",
            "Only response streaming is supported.",
        ),
    ],
)
def test_a_handler_that_cannot_be_had_is_told_once_and_ends_the_process(
    node: Node, tmp_path: Path, files: dict[str, str], handler: str, kind: str, message: str
) -> None:
    function = node(files, handler)
    post = function.posted()
    message = message.replace("TASK", f"{tmp_path}/0/task")
    assert post.path == "/init/error"
    assert post.headers["lambda-runtime-function-error-type"] == kind
    assert list(post.json) == ["errorType", "errorMessage", "trace"]
    assert (post.json["errorType"], post.json["errorMessage"]) == (kind, message)
    assert function.exit_code() == 129
    [record] = function.records()
    _, request, level, title, error = record.split("\t")
    assert (request, level, title) == ("undefined", "ERROR", "Uncaught Exception ")
    assert json.loads(error)["errorMessage"] == message
    assert function.server.posts.empty()


def test_the_trace_of_a_missing_module_is_as_in_aws(node: Node, tmp_path: Path) -> None:
    trace = node({"index.js": "require('absent')"}).posted().json["trace"]
    assert trace[:4] == [
        "Runtime.ImportModuleError: Error: Cannot find module 'absent'",
        "Require stack:",
        f"- {tmp_path}/0/task/index.js",
        "- /var/runtime/index.mjs",
    ]
    assert all(re.match(r"    at .*(file:///var/runtime/|\(node:)", frame) for frame in trace[4:])


def test_an_init_that_waits_for_nothing_ends_with_the_exit_code_of_nodejs_for_it(node: Node) -> None:
    function = node({"index.mjs": "await new Promise(() => {}); export const handler = async () => 1"})
    assert function.exit_code() == 13
    assert function.server.posts.empty()
