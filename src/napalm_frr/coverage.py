"""What comparing `running` with a document cannot see: an audit names it as not covered, never as compliant."""

from __future__ import annotations

NOT_COVERED = (
    "routes made by hand with the protocol number of the kernel or of FRR",
    "declared addresses that the kernel lacks",
    "link-local addresses",
    "which of two routers has the addresses of section keepalived",
    "kernel settings (net.*) that no document names, and all others",
    "root's password",
    "files outside the sections, the agent's own program among them",
    "whether a running sshd has read its configuration",
    "FRR's debugging",
    "a conference server's key and certificate, and what somebody told it while it runs",
)
