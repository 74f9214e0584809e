"""What this machine knows of profiles, regions and credentials, through botocore's own chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
