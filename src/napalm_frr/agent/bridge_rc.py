"""The settings of linphone-daemon (liblinphone 5.1) that a bridge runs with. It writes into the file: one a start.

Sound is mixed. Pictures are passed on as they came, the speaker's to all others: H.264 in the mode that rooms send.
It opens no port for signalling, and takes no call without encrypted media. It checks who signed the server's
certificate; that it is for the server's address it cannot check, because it looks for names alone.
"""

from __future__ import annotations

from napalm_frr.agent.bridge_text import Bridge

_PREFIX = {"udp": "", "tcp": "tcp_", "tls": "tls_"}
_NO_PORT, _RANDOM_PORT = 0, -2
_SILENCE_S = 30
"""A room that sends nothing for so long has left."""


def write(bridge: Bridge) -> str:
    """The file. `media` is halved: a port of sound is never asked for by pictures."""
    first, last = bridge.media
    middle = (first + last) // 2
    signalling, sound, pictures = bridge.dscp
    ports = {f"sip_{prefix}port": _NO_PORT for prefix in _PREFIX.values()}
    ports[f"sip_{_PREFIX[bridge.transport]}port"] = _RANDOM_PORT
    uri = f"<sip:{bridge.server};transport={bridge.transport}>"
    sections: dict[str, dict[str, object]] = {
        "sip": {
            **ports,
            # A socket of both families marks IPv6 alone; without the second line it changes the first by itself.
            "use_ipv6": int(bridge.server.startswith("[")),
            "ipv6_migration_done": 1,
            "dscp": hex(signalling),
            "media_encryption": "srtp",
            "media_encryption_mandatory": 1,
            "verify_server_certs": 1,
            "verify_server_cn": 0,
            **({"root_ca": bridge.authority} if bridge.authority else {}),
            "default_proxy": 0,
            "register_only_when_network_is_up": 0,
        },
        "rtp": {
            "audio_rtp_port": f"{first}-{middle}",
            "video_rtp_port": f"{middle + 1}-{last}",
            "audio_dscp": hex(sound),
            "video_dscp": hex(pictures),
            "symmetric": 1,
            "nortp_timeout": _SILENCE_S,
        },
        "sound": {"playback_dev_id": "", "capture_dev_id": "", "remote_ring": "", "local_ring": ""},
        "video": {"enabled": 1, "capture": 1, "display": 1, "automatically_initiate": 1, "automatically_accept": 1},
        "misc": {"max_calls": bridge.calls, "add_missing_audio_codecs": 0, "add_missing_video_codecs": 0},
        "audio_codec_0": {"mime": "PCMA", "rate": 8000, "channels": 1, "enabled": 1},
        "video_codec_0": {
            "mime": "H264",
            "rate": 90000,
            "channels": 0,
            "enabled": 1,
            "recv_fmtp": "profile-level-id=42e01f;packetization-mode=0",
        },
        "video_codec_1": {"mime": "VP8", "rate": 90000, "channels": 0, "enabled": 0},
        "proxy_0": {
            "reg_proxy": uri,
            "reg_route": uri.replace(">", ";lr>"),
            "reg_identity": f"<sip:{bridge.account}@{bridge.domain}>",
            "reg_expires": 300,
            "reg_sendregister": 1,
            "publish": 0,
        },
        "auth_info_0": {"username": bridge.account, "passwd": bridge.password, "realm": bridge.domain},
    }
    return "\n".join(
        "".join([f"[{name}]\n", *(f"{key}={value}\n" for key, value in own.items())]) for name, own in sections.items()
    )
