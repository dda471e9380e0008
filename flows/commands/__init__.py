"""The subcommands of `workreports`, one file per group."""
