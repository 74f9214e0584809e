"""What this machine knows of profiles, regions and credentials, through botocore's own chain."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lambdatui.aws.importing import import_aiohttp
from lambdatui.model.identity import Region
from lambdatui.model.text import one_line

if TYPE_CHECKING:
    from aiobotocore.session import AioSession


def isolate(session: AioSession) -> None:
    """Let a session read nothing of the user's AWS configuration, neither from files nor from the environment.

    Every variable gets botocore's default: a profile that is not there, a FIPS or dual-stack wish, a CA bundle or a
    number that is none would keep a client for this machine's own endpoint from being opened.
    """
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConstantProvider

    store: Any = session.get_component("config_store")
    for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items():
        store.set_config_provider(name, ConstantProvider(default))
    for name in ("config_file", "credentials_file", "endpoint_url"):
        store.set_config_provider(name, ConstantProvider(None))
    store.set_config_provider("ca_bundle", ConstantProvider(True))  # at None the SDK looks at REQUESTS_CA_BUNDLE
    store.set_config_provider("ignore_configured_endpoint_urls", ConstantProvider(True))


async def find_region(session: AioSession, wanted: str | None) -> str:
    """`wanted`, else what botocore finds in AWS_DEFAULT_REGION and the profile, else the instance's own; else empty.

    AWS_REGION, which botocore does not read, is among what the settings have put into `wanted`.
    """
    if wanted:
        return wanted
    region = session.get_config_variable("region")
    if region:
        return str(region)
    from aiobotocore.utils import AioIMDSRegionProvider

    return str(await AioIMDSRegionProvider(session=session).provide() or "")


async def profile_label(session: AioSession, wanted: str | None) -> str:
    """The profile's name, or where the credentials come from when none was named or they are not the profile's own.

    `wanted` is the profile that was asked for, for which botocore leaves keys in the environment alone. One that only
    AWS_PROFILE names has to give way to them.

    Sources are botocore's names of credential providers: env, iam-role, container-role and so on.
    """
    credentials = await session.get_credentials()
    method = str(getattr(credentials, "method", "") or "")
    if session.profile and (wanted or method != "env"):
        return str(session.profile)
    return {"env": "environment", "iam-role": "instance role", "container-role": "container role"}.get(
        method, "default"
    )


async def known_profiles() -> Sequence[str]:
    """The names of the profiles in the AWS configuration and credentials files. Raises Misconfigured."""
    return await asyncio.to_thread(_known_profiles)


def _known_profiles() -> Sequence[str]:
    import_aiohttp()  # which whatever is shown next needs as well
    from lambdatui.aws.connection import configuring

    with configuring("the AWS configuration"):
        from botocore.session import Session

        names = Session().available_profiles
    # One that a line cannot show as it is could not be chosen either: the settings refuse it too.
    return sorted(name for name in names if one_line(name) == name)


async def known_regions(like: str) -> Sequence[Region]:
    """The regions of the partition that `like` is in, of AWS's own where it is in none, as this SDK knows them."""
    return await asyncio.to_thread(_known_regions, like)


def _known_regions(like: str) -> Sequence[Region]:
    import_aiohttp()
    from botocore.exceptions import UnknownRegionError
    from botocore.session import Session

    session: Any = Session()
    isolate(session)  # a mistake in the user's files has its own place to be told
    try:
        partition = session.get_partition_for_region(like or "us-east-1")
    except UnknownRegionError:
        partition = "aws"
    described = {
        name: one_line(str(about.get("description", "")))
        for each in session.get_data("endpoints")["partitions"]
        for name, about in each["regions"].items()
    }
    names = session.get_available_regions("lambda", partition_name=partition)
    return [Region(name, described.get(name, "")) for name in sorted(names)]
