"""Jobs: an outbox row in the caller's transaction, a runner, and the binding to huey."""
