"""CloudWatch Logs as the endpoint answers it: its parts below `log_store`, `logs_api` and `live_tail`."""
