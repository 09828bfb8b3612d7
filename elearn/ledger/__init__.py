"""What the floors above share: rate counters, idempotency keys, messages sent, heartbeats."""
