"""Secrets taken out of text that goes into a file: those that are known, and what has the form of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

REDACTED = "[redacted]"

SHORTEST = 6
"""Characters of a value that is looked for: shorter ones ("1", "true") are in every text, and no secrets."""
REMEMBERED = 20_000
"""Values that are looked for; the oldest go first."""

_TELLING = r"[\w.-]*(?:secret|token|passw|pwd|credential|signature|authorization|api[_-]?key|access[_-]?key)[\w.-]*"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Made when they are first needed: it takes some milliseconds."""
    return tuple((re.compile(pattern, re.IGNORECASE), replacement) for pattern, replacement in _FORMS)


_FORMS = (
        # A header to the end of its line, and whatever stands behind a telling name, quoted or not.
        (rf"({_TELLING}[\"']?\s*[:=]\s*)(?:b?\"[^\"]*\"?|b?'[^']*'?|(?:AWS4-HMAC-SHA256|Bearer|Basic)\b[^\r\n]*|[^\s,;&\"']+)",
         rf"\1{REDACTED}"),
        # Access key ids (IAM User Guide, "IAM identifiers"): the prefix says of what.
        (r"\b(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[A-Z0-9]{12,}\b", REDACTED),
        (r"\bAWS4-HMAC-SHA256\b[^\r\n]*", REDACTED),
        (r"\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?", REDACTED),  # a JSON web token
        (r"(?<=://)[^/\s\"'@]*@", f"{REDACTED}@"),
        (r"\b([A-Z_][A-Z0-9_]{2,}=)(?:\"[^\"]*\"?|'[^']*'?|\S+)", rf"\1{REDACTED}"),
        # Secret access keys have 40 characters, session tokens some hundreds, and digests too; better one too many.
        (r"(?<![\w+/=-])[\w+/-]{40}(?![\w+/=-])|[\w+/-]{64,}=*", REDACTED),

)  # fmt: skip

_VARIABLE = rf"{_TELLING}|.*(?:key|auth|cookie|private|proxy).*"


class Redactor:
    """Knows secrets, and takes them out of text."""

    def __init__(self) -> None:
        self._values: dict[str, None] = {}
        self._known: re.Pattern[str] | None = None

    def learn(self, values: Iterable[str]) -> None:
        """Look for these from now on."""
        fresh = [value for value in values if len(value) >= SHORTEST and value not in self._values]
        if fresh:
            self._values.update(dict.fromkeys(fresh))
            for value in list(self._values)[: max(0, len(self._values) - REMEMBERED)]:
                del self._values[value]
            self._known = None

    def learn_environment(self, environment: Mapping[str, str]) -> None:
        """Look for the values of the variables whose names say that they are secret."""
        self.learn(value for name, value in environment.items() if re.fullmatch(_VARIABLE, name, re.IGNORECASE))

    def redact(self, text: str) -> str:
        """The text without what is known to be secret, or looks like it."""
        if self._known is None and self._values:
            longest_first = sorted(self._values, key=len, reverse=True)
            self._known = re.compile("|".join(map(re.escape, longest_first)))
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        for pattern, replacement in _patterns():
            text = pattern.sub(replacement, text)
        return text
