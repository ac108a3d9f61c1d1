"""The file descriptors that every program is started with."""

STDIN_FD, STDOUT_FD, STDERR_FD = 0, 1, 2
