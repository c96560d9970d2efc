"""What every room may use: settings, errors, text, the address guard. Knows nothing of journals."""
