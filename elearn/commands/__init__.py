"""What the `elearn` command does, one module per group of subcommands."""
