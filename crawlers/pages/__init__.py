"""Page in, Reports or a Rejection out."""
