"""What of the catalogue does not work on a CPU with TensorFlow 2.21, and how; all else works."""

TROUBLES: dict[str, dict[str, str]] = {
    "string_ops": {"xla": "unsupported: op AsString"},
    "tf_print": {"xla": "unsupported: op "},
    "py_function": {"xla": "unsupported: op EagerPyFunc"},
    "eig": {"xla": "unsupported: op Eig"},
    "growing_array": {"xla": "wrong: shape (0, 1), not (1, 1)"},
}
"""By workload and mode, at the least size: the status, and how the reason begins."""
