"""CloudWatch Logs as the endpoint answers it: what `log_store` keeps, and the API over it."""
