"""Without the extra `local` there is no CBOR, and so nothing of CloudWatch's API: its tests are not even imported."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("cbor2") else ["test_metric_protocols.py", "test_metrics_api.py"]
