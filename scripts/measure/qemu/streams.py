"""What --channels, --compress, --tls and --at-time-limit add to a migration (additions.py): how its stream is made, and what
is done with one that takes too long."""
import os
import secrets

from additions import Addition

TLS_USER = "qemu"  # the name that QEMU's client sends when it is told no other (crypto/tlscredspsk.c)


class Channels(Addition):
    """Several connections, each with a thread at either end, which may compress what it sends."""

    def __init__(self, channels, compression):
        self.extra = " with ".join([f"{channels} channels"] + ([compression] if compression else []))
        self.values = {"multifd-channels": channels, **({"multifd-compression": compression} if compression else {})}

    def capabilities(self, side):
        return ["multifd"]

    def parameters(self, side):
        return self.values


class Xbzrle(Addition):
    """Of a page that was sent before only what has changed."""

    extra = "xbzrle"

    def __init__(self, cache_bytes):
        self.values = {"xbzrle-cache-size": cache_bytes} if cache_bytes else {}

    def capabilities(self, side):
        return ["xbzrle"]

    def parameters(self, side):
        return self.values


class Tls(Addition):
    """All connections encrypted, with a key that both sides have and that is thrown away with the folder."""

    extra = "tls"

    def __init__(self, folder):
        self.folder = folder
        with open(os.open(os.path.join(folder, "keys.psk"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"{TLS_USER}:{secrets.token_hex(32)}\n")

    def local_words(self, side):
        end = "client" if side == "source" else "server"
        return ["-object", f"tls-creds-psk,id=tls0,dir={self.folder},endpoint={end}"]

    def parameters(self, side):
        return {"tls-creds": "tls0"}


class AtTimeLimit(Addition):
    """What an operator's tool does with a migration that still runs after so many seconds."""

    COMMANDS = {"give-up": "migrate_cancel", "suspend": "stop", "post-copy": "migrate-start-postcopy"}

    def __init__(self, action, limit_s):
        self.action, self.limit_s, self.done_s = action, limit_s, None
        self.extra = f"{action} after {limit_s} s"

    def capabilities(self, side):
        return ["postcopy-ram"] if self.action == "post-copy" else []

    def follow(self, source, seconds):
        if self.done_s is None and seconds >= self.limit_s:
            self.done_s = seconds
            source.call(self.COMMANDS[self.action])
        return self.done_s is not None

    def outcome(self, stamps):
        return {"time_limit": {"done_s": self.done_s and round(self.done_s, 3)}}


def streams_of(options):
    """The additions that the options name."""
    additions = []
    if options.compress == "xbzrle":
        additions.append(Xbzrle(options.xbzrle_cache and options.xbzrle_cache << 20))
    if options.channels:
        additions.append(Channels(options.channels, options.compress))
    if options.tls:
        additions.append(Tls(options.work))
    if options.at_time_limit:
        additions.append(AtTimeLimit(options.at_time_limit, options.time_limit))
    return additions
