"""Tests of the branch server: two real users of this machine, a real sshd and sudo (make test-server)."""
