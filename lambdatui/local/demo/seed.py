"""Puts the sample functions, their layers, versions and aliases into a fresh endpoint."""

from __future__ import annotations

import asyncio
import base64
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lambdatui.local import control_plane, identity
from lambdatui.local.demo.catalogue import FUNCTIONS, LAYERS, Layer, Sample
from lambdatui.local.demo.client import Client

_HERE = Path(__file__).parent
_ROLE = f"arn:aws:iam::{identity.ACCOUNT_ID}:role/"


async def seed(client: Client) -> None:
    """Create everything in the catalogue. Takes about 0.1 s. Raises client.Refused."""
    with control_plane.at_once():
        for layer in LAYERS:
            await _publish(client, layer)
        for sample in FUNCTIONS:
            await _create(client, sample)
    now = datetime.now(UTC)
    for sample in FUNCTIONS:
        await _active(client, sample)
        control_plane.backdate(sample.name, now - sample.age)


async def _publish(client: Client, layer: Layer) -> None:
    content = {"ZipFile": _zipped(_HERE / "layers" / layer.name)}
    order = {"Description": layer.description, "Content": content, "LicenseInfo": "MIT"}
    order["CompatibleRuntimes"] = ["python3.12", "python3.13"]
    order["CompatibleArchitectures"] = ["x86_64", "arm64"]
    for _ in range(layer.versions):
        await client.call("POST", f"/2018-10-31/layers/{layer.name}/versions", order)


async def _create(client: Client, sample: Sample) -> None:
    await client.call("POST", "/2015-03-31/functions", _order(sample))
    functions = f"/2015-03-31/functions/{sample.name}"
    for description in sample.versions:
        # A version is published only if something has changed since the last one: the description does.
        await client.call("PUT", f"{functions}/configuration", {"Description": f"{sample.description} ({description})"})
        await client.call("POST", f"{functions}/versions", {"Description": description})
    if sample.versions:
        await client.call("PUT", f"{functions}/configuration", {"Description": sample.description})
    for alias in sample.aliases:
        order: dict[str, Any] = {"Name": alias.name, "FunctionVersion": alias.version, "Description": alias.description}
        if alias.also:
            order["RoutingConfig"] = {"AdditionalVersionWeights": dict(alias.also)}
        await client.call("POST", f"{functions}/aliases", order)


async def _active(client: Client, sample: Sample) -> None:
    """Waits until nothing of the function is Pending any more: MiniStack changes that in threads."""
    versions = f"/2015-03-31/functions/{sample.name}/versions"
    while True:
        listed = (await client.call("GET", versions))["Versions"]
        if all(version["State"] == "Active" and version["LastUpdateStatus"] == "Successful" for version in listed):
            return
        await asyncio.sleep(0.005)


def _order(sample: Sample) -> dict[str, Any]:
    """The CreateFunction request of a sample."""
    layers = (reference.split(":") for reference in sample.layers)
    return {
        "FunctionName": sample.name,
        "Description": sample.description,
        "Runtime": sample.runtime,
        "Handler": "app.handler",
        "Role": f"{_ROLE}{sample.name}",
        "Code": {"ZipFile": _zipped(_HERE / "functions" / sample.name)},
        "MemorySize": sample.memory,
        "Timeout": sample.timeout,
        "Architectures": [sample.architecture],
        "EphemeralStorage": {"Size": sample.storage},
        "Environment": {"Variables": dict(sample.environment)},
        "TracingConfig": {"Mode": "Active" if sample.tracing else "PassThrough"},
        "Tags": dict(sample.tags),
        "Layers": [_layer_arn(name, version) for name, version in layers],
    }


def _layer_arn(name: str, version: str) -> str:
    return f"arn:aws:lambda:{identity.REGION}:{identity.ACCOUNT_ID}:layer:{name}:{version}"


def _zipped(folder: Path) -> str:
    """A deployment package of the folder's Python files, base64. The same files give the same bytes."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.py")):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())  # dated 1980, whenever it was installed
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return base64.b64encode(package.getvalue()).decode()
