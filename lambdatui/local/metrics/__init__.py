"""CloudWatch metrics as the endpoint answers them: from a store of its own, rolled up by the minute."""
