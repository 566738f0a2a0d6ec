"""The agent on the router: standard library only, shipped as one zipapp (see `napalm_frr.zipapp`)."""

VERSION = "0.1.0"
PATH = "/usr/local/sbin/napalm-frr-agent"
