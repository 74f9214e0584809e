"""What is wrong with a pattern, in the words of CloudWatch Logs."""

from __future__ import annotations


class PatternError(ValueError):
    """The pattern is invalid. str() is the message of the InvalidParameterException that AWS answers with."""

    def __init__(self, message: str = "Invalid filter pattern") -> None:
        super().__init__(message)


def bad_characters(text: str) -> PatternError:
    """The error for characters that are to be within quotation marks."""
    return PatternError(f"Invalid character(s) in term '{text}'")
