"""What an option of scripts/measure-qemu.sh adds to a plain pre-copy is an Addition, a class of its own.

Additions add up: each brings its words for QEMU and for the guest, its capabilities and parameters, what it does beside
the machines and while the migration runs, and what the case says of it. What is measured besides the migration itself is
one too: measure_client.py, measure_vtpm.py.
"""
import re


class Addition:
    """What one option adds. As it stands here: nothing."""

    kind = ""  # the word for what is measured, where it is more than a plain migration
    method = "precopy"  # how memory moves
    extra = ""  # a word after the method

    def capabilities(self, side):
        """Names of migration capabilities to switch on at that side."""
        return []

    def parameters(self, side):
        """Migration parameters to set at that side, by name."""
        return {}

    def qemu_words(self, side):
        """Further words of QEMU's command line at that side, which say what machine it is."""
        return []

    def local_words(self, side):
        """Further words that only say where something is at this time; the case does not have them."""
        return []

    def guest_words(self):
        """Further words of the guest's kernel's command line."""
        return []

    def before_boot(self, side):
        """Called before QEMU is started at that side."""

    def after_boot(self, side):
        """Called when it was started; its sockets may not be there yet."""

    def lead(self):
        """Called when all is prepared. Returns for how many seconds the migration is to wait from now on."""
        return 0

    def started(self):
        """Called when the migration was started."""

    def follow(self, source, seconds):
        """Called at every look at the running migration. True: it must not be cancelled any more."""
        return False

    def trail(self, stamps):
        """Called when the migration has ended: goes on measuring for as long as there is something to see."""

    def outcome(self, stamps):
        """What the case has besides, by key."""
        return {}

    def close(self):
        """Called at any end: ends what it started."""


class Basics(Addition):
    """The two parameters that every migration here has."""

    def __init__(self, options):
        self.values = {"max-bandwidth": options.bandwidth, "downtime-limit": options.downtime_limit}

    def parameters(self, side):
        return self.values if side == "source" else {}


class AutoConverge(Addition):
    extra = "auto-converge"

    def capabilities(self, side):
        return ["auto-converge"] if side == "source" else []


class Postcopy(Addition):
    def __init__(self, after_s):
        self.after_s, self.switched = after_s, False
        self.method = f"postcopy started after {after_s} s"

    def capabilities(self, side):
        return ["postcopy-ram"]

    def follow(self, source, seconds):
        if not self.switched and seconds >= self.after_s:
            source.call("migrate-start-postcopy")
            self.switched = True
        return self.switched


class Named(Addition):
    """Capabilities and parameters that the user names, at both sides."""

    def __init__(self, options):
        self.names = options.capability
        self.values = dict(parameter(text) for text in options.parameter)

    def capabilities(self, side):
        return self.names

    def parameters(self, side):
        return self.values


def parameter(text):
    """NAME=VALUE as name and a number, a truth value or a text."""
    name, value = text.split("=", 1)
    if re.fullmatch(r"[0-9]+", value):
        return name, int(value)
    return name, {"true": True, "false": False}.get(value, value)


def capabilities_of(additions, side):
    return [name for addition in additions for name in addition.capabilities(side)]


def parameters_of(additions, side):
    return {name: value for addition in additions for name, value in addition.parameters(side).items()}


def method_of(additions):
    """As "precopy with auto-converge": the last method that is not plain pre-copy, and all extras."""
    method = next((a.method for a in reversed(additions) if a.method != Addition.method), Addition.method)
    return " with ".join([method] + [a.extra for a in additions if a.extra])


def kind_of(additions):
    return "+".join(a.kind for a in additions if a.kind) or "plain"
