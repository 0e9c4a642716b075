"""What measure-qemu.sh's driver makes of what it saw: phases, waits, blackouts, calls; and that the samples' summaries follow
from their tables. Usage: check_qemu_driver.py FOLDER SAMPLES"""
import csv
import glob
import hashlib
import json
import os
import sys
import tempfile
import time
import types

SAMPLES = sys.argv[2]
sys.path.insert(0, sys.argv[1])
import additions  # noqa: E402
import measure_client  # noqa: E402
import measure_vtpm  # noqa: E402
import costs  # noqa: E402
import qmp  # noqa: E402
import qmp_migrate  # noqa: E402
import spinners  # noqa: E402
import streams  # noqa: E402
import threads  # noqa: E402
from stamps import Stamps, by_phase, gaps, quantile, waits  # noqa: E402

NEEDED = ("--work w --qemu q --kernel k --initrd i --accel tcg --source-netns s --destination-netns d --address a --out o "
          "--bandwidth 1 --mem 1 --fill 1 --wws 1 --rate 1 --downtime-limit 300 --give-up-after 1").split()
BOTH = ("--client-netns lan --clients c --work-us 2000 --load 0.5 --tcp 20 --tcp-window 1 --arrivals even --seed 1 --before 3 "
        "--after 2 --name case --vtpm --call extend --interval 0").split()


def options(*words):
    sys.argv = ["driver", *NEEDED, *words]
    return qmp_migrate.parse_arguments()


def what_adds_up_is_in_words_and_kind():
    parts = qmp_migrate.additions_of(options(*BOTH, "--auto-converge"))
    assert additions.kind_of(parts) == "client+vtpm" and additions.method_of(parts) == "precopy with auto-converge"
    words = " ".join(qmp_migrate.machine_words(options(*BOTH), "source", parts))
    assert "virtio-net-pci" in words and "tpm-tis" in words and "path=" not in words, words
    guest = [word for part in parts for word in part.guest_words()]
    assert guest == ["serve=2000", "address=198.51.100.2", "vtpm=extend", "interval=0"], guest


def told(parts, side):
    return additions.capabilities_of(parts, side), additions.parameters_of(parts, side)


def streams_add_up():
    with tempfile.TemporaryDirectory() as folder:
        parts = qmp_migrate.additions_of(options("--work", folder, "--channels", "4", "--compress", "zstd", "--tls",
                                                 "--at-time-limit", "suspend", "--time-limit", "20"))
        assert additions.method_of(parts) == "precopy with 4 channels with zstd with tls with suspend after 20 s"
        names, values = told(parts, "destination")
        assert names == ["multifd"] and values == {"multifd-channels": 4, "multifd-compression": "zstd",
                                                   "tls-creds": "tls0"}, (names, values)
        words = [" ".join(w for part in parts for w in part.local_words(side)) for side in qmp_migrate.SIDES]
        assert "endpoint=client" in words[0] and "endpoint=server" in words[1] and folder in words[0]
        with open(os.path.join(folder, "keys.psk")) as file:
            user, key = file.read().strip().split(":")
        assert user == streams.TLS_USER and len(bytes.fromhex(key)) == 32
    parts = qmp_migrate.additions_of(options("--compress", "xbzrle", "--xbzrle-cache", "16", "--at-time-limit", "post-copy",
                                             "--time-limit", "7"))
    assert additions.method_of(parts) == "precopy with xbzrle with post-copy after 7 s"
    assert told(parts, "source")[0] == ["xbzrle", "postcopy-ram"]
    assert told(parts, "source")[1]["xbzrle-cache-size"] == 16 << 20


def at_a_time_limit_one_command_is_given():
    for action, command, capabilities in (("give-up", "migrate_cancel", []), ("suspend", "stop", []),
                                          ("post-copy", "migrate-start-postcopy", ["postcopy-ram"])):
        said = []
        source = types.SimpleNamespace(call=said.append)
        limit = streams.AtTimeLimit(action, 20)
        assert limit.capabilities("destination") == capabilities
        kept = [limit.follow(source, seconds) for seconds in (0, 19.9, 20, 20.1)]
        assert said == [command] and kept == [False, False, True, True], (said, kept)


def state_of(normal, status="active"):
    return {"status": status, "ram": {"normal": normal, "duplicate": 2 * normal, "transferred": 4104 * normal}}


def threads_are_looked_at_while_it_runs():
    own = threads.times(os.getpid())
    assert own["rest"] > 0 and own["main"] == 0, own
    names = ["CPU 0/TCG", "mig/src/main", "mig/src/send_3", "mig/dst/recv_0", "live_migration", "multifdsend_1", "python3"]
    assert [threads.role_of(name) for name in names] == ["guest", "main", "send", "receive", "main", "send", "rest"]
    account = threads.Account({"source": os.getpid(), "destination": os.getpid()}, {"source": None, "destination": None}, 0,
                              spinners.Spinners({}))
    assert account.document() is None
    for state in ({"status": "setup"}, state_of(10), state_of(10)):
        account.look(state)
    assert account.document() is None, "nothing was sent between the looks"
    sum(range(10 ** 6))
    account.look(state_of(110))
    account.look(state_of(500, "completed"))
    seen = account.document()
    assert (seen["normal"], seen["zero"], seen["wire"]) == (100, 200, 410400) and seen["source"]["rest"] > 0, seen
    assert "processors" not in seen["source"]
    apart = threads.Account({"source": os.getpid()}, {"source": {0}, "destination": {1}}, 3600, spinners.Spinners({}))
    for state in (state_of(10), state_of(110)):
        apart.look(state)
    assert apart.document() is None, "the second look came too early"
    assert apart.last[1]["source"]["processors"] > 0


def case_of(main, send, receive, rest, wire=4096000):
    return {"id": "x", "result": {"setup_ms": 50}, "threads": {"normal": 1000, "zero": 0, "wire": wire,
                                   "source": {"main": main, "send": send},
                                   "destination": {"receive": receive, "rest": rest}}}


def costs_are_of_a_page_and_of_whoever_receives():
    assert costs.costs_of(case_of(0.001, 0.05, 0.02, 0.5, 2048000)) == {
        "main_us": 1, "send_us": 50, "receive_us": 20, "ratio": 2, "setup_ms": 50}  # and no processors of their own
    assert costs.costs_of(case_of(0.004, 0, 0, 0.5))["receive_us"] == 500
    apart = case_of(0.001, 0.05, 0.02, 0.5)
    for side, seconds in (("source", 0.06), ("destination", 0.03)):
        apart["threads"][side]["processors"] = seconds
    assert (costs.costs_of(apart)["source_us"], costs.costs_of(apart)["destination_us"]) == (60, 30)
    try:
        costs.costs_of({"id": "x", "threads": None})
    except SystemExit as refused:
        assert "over before its threads were seen" in str(refused)
    else:
        raise AssertionError("costs of nothing")


def phases_follow_one_another_and_postcopy_is_its_own():
    names = [name for name, _, _ in Stamps(10, 12, 13, 13.1).phases()]
    assert names == ["before", "during", "stopped", "after"], names
    phases = Stamps(10, 12, 13, 20).phases()
    assert [name for name, _, _ in phases] == ["before", "during", "stopped", "postcopy", "after"]
    assert all(one[2] == other[1] for one, other in zip(phases, phases[1:]))
    assert Stamps(10, 12, 13, 20).back() == 20 and Stamps(10, 12, 13, 12.9).back() == 13
    cancelled = Stamps(10, None, None, 20)
    assert [name for name, _, _ in cancelled.phases()] == ["before", "during", "after"] and cancelled.back() == 20
    assert cancelled.document()["stopped_ms"] is None and Stamps(10, 12, 13, 20).document()["stopped_ms"] == 1000


def a_request_belongs_to_the_phase_in_which_it_was_answered():
    parts = by_phase(Stamps(10, 12, 13, 13), [(9.9, 9.95), (9.9, 10.1), (11.99, 13.5), (12.5, None), (13, 13.25)])
    assert [parts[name]["count"] for name in ("before", "during", "stopped", "after", "all")] == [1, 1, 1, 2, 5]
    assert parts["during"]["longest_ms"] == 200 and parts["stopped"]["lost"] == 1 and parts["after"]["longest_ms"] == 1510


def quantiles_are_nearest_ranks():
    hundred = [float(i) for i in range(100)]
    assert (quantile(hundred, 0.5), quantile(hundred, 0.99), quantile([7.0], 0.99), quantile([], 0.5)) == (50, 99, 7, None)
    assert waits([])["median_ms"] is None
    assert gaps([3, 1, 7]) == [(4, 3), (2, 1)]


def a_blackout_is_the_longest_time_between_answers():
    pings = [(t / 100, None if 1100 <= t < 1230 else t / 100 + 0.001) for t in range(500, 2000)]
    seen = measure_client.blackout(Stamps(10, 11, 12, 12), pings)
    assert seen["blackout_ms"] == 1310 and seen["next_longest_ms"] == 10 and seen["longest_before_ms"] == 10, seen


def a_service_is_the_time_between_answers_while_somebody_waits():
    stamps = Stamps(10, 12, 13, 13)
    queued = [(1.0, 1.002), (1.001, 1.004), (1.003, 1.008), (5.0, 5.002), (9.99, 10.1)]
    assert measure_client.service(stamps, queued) == {"service_ms": 3, "service_cv": 0.3333}  # 2 and 4 ms, not the idle ones
    assert measure_client.service(stamps, queued[:1])["service_ms"] is None


def a_step_is_the_longest_wait_that_the_migration_saw():
    stamps = Stamps(10, 12, 13, 13)
    assert measure_client.step(stamps, [(8, 9.9), (11.95, 13.6), (12, None), (14, 14.01)]) == 1650
    assert measure_client.step(stamps, [(8, 9.9)]) is None


def the_load_by_tcp_is_part_of_the_load():
    client = measure_client.Client(options(*BOTH, "--capacity", "300"))
    assert client.udp_per_s() == 130
    small = measure_client.Client(options(*BOTH, "--capacity", "40"))
    try:
        small.udp_per_s()
    except SystemExit as refused:
        assert "less than the 20 by TCP" in str(refused)
    else:
        raise AssertionError("no datagram is left, and nobody says so")


def the_capacity_is_that_of_an_open_load():
    def found(served, saturated):
        client, offers = measure_client.Client(options(*BOTH)), []
        client.saturated = saturated
        client.offer = lambda rate: (offers.append(round(rate)), served(rate))[1]
        return client.open_capacity(), offers
    assert found(lambda rate: rate, 300) == (300, [300]), "it was all served"
    capacity, offers = found(lambda rate: min(rate, 300 - (rate - 300) / 10), 670)  # it drowns in what it does not serve
    assert 297 < capacity <= 300 and offers[0] == 670 and len(offers) == measure_client.OFFERS, (capacity, offers)


def what_a_migration_takes_from_others_is_a_pages():
    one = spinners.Spinners({0})
    assert one.settle(lambda: time.sleep(0.2) or "done") == "done" and one.per_s > 0 and one.document()["spinners"]["processors"] == 1
    account = threads.Account({"source": os.getpid()}, {"source": {0}, "destination": {0}}, 0, one)
    for state in (state_of(10), state_of(110)):
        account.look(state)
        time.sleep(0.05)
    assert account.document()["spun"]["turns"] > 0 and account.document()["spun"]["passed"] > 0.05
    one.close()
    assert spinners.Spinners({}).settle(lambda: 7) == 7 and spinners.Spinners({}).document() == {}
    case = {**case_of(0.001, 0, 0, 0.5), "spinners": {"processors": 2, "turns_per_s": 100}}
    case["threads"]["spun"] = {"turns": 150, "passed": 2}
    assert costs.costs_of(case)["machine_us"] == 1000, costs.costs_of(case)


def vtpm_of(lines):
    vtpm = measure_vtpm.Vtpm(options(*BOTH))
    for text, now in lines:
        vtpm.calls.line(text, now)
    return vtpm


def extended(numbers):
    value = bytes(32)
    for number in numbers:
        value = hashlib.sha256(value + number.to_bytes(8, "big") + bytes(24)).digest()
    return value.hex()


def the_pcr_must_be_what_the_calls_made_of_it():
    stamps = Stamps(1, 2, 3, 3)
    calls = [line for n in range(32) for line in ((f"i {n} 0", n / 8), (f"a {n} 0 0", n / 8 + 0.1))]
    right = [*range(15), *range(16, 31)]
    assert vtpm_of([*calls, (f"r 15 {extended(range(15))}", 2), (f"r 31 {extended(right)}", 4)]).chain(stamps) == "kept"
    assert vtpm_of([*calls, (f"r 31 {extended(right[:-1])}", 4)]).chain(stamps) == "broken"
    assert vtpm_of([*calls, (f"r 31 {'0' * 64}", 4)]).chain(stamps) == "broken"
    assert vtpm_of([*calls, (f"r 15 {extended(range(15))}", 2)]).chain(stamps) == "not read after the migration"
    failed = [("a 3 0 922", 0.5) if text == "a 3 0 0" else (text, now) for text, now in calls]
    without = [n for n in right if n != 3]
    assert vtpm_of([*failed, (f"r 31 {extended(without)}", 4)]).chain(stamps) == "kept"
    unknown = [("a 3 0 E62", 0.5) if text == "a 3 0 0" else (text, now) for text, now in calls]
    for done in (right, without):
        reads = [(f"r 15 {extended(n for n in done if n < 15)}", 2), (f"r 31 {extended(done)}", 4)]
        assert vtpm_of([*unknown, *reads]).chain(stamps) == "kept"
    other = [(f"r 15 {extended(n for n in right if n < 15)}", 2), (f"r 31 {extended(without)}", 4)]
    assert vtpm_of([*unknown, *other]).chain(stamps) == "broken"


def a_line_may_begin_at_one_host_and_end_at_the_other():
    calls = measure_vtpm.Calls()
    for piece in (b"alf 1\ni 7 10\na 7 2", b"0 0\n"):
        ends = [piece, b""]
        calls.hear(types.SimpleNamespace(recv=lambda _, ends=ends: ends.pop(0)))
    assert list(calls.issued) == [7] and calls.answered[7][1] == 20 and not calls.codes


def silence_is_the_longest_time_without_an_answer():
    exchanges = [(t / 10, t / 10 + 0.01) for t in range(0, 120) if not 60 <= t < 75]
    exchanges.append((6.0, 7.5))
    seen = measure_vtpm.silence(Stamps(5, 6.05, 7.4, 7.4), sorted(exchanges))
    assert seen["longest_gap_ms"] == 1590 and seen["calls_delayed"] == 1, seen
    assert seen["without_s"] == 1.49, seen
    short = [(t / 10, t / 10 + 0.01) for t in range(0, 120) if not 60 <= t < 62]
    seen = measure_vtpm.silence(Stamps(5, 6.05, 6.15, 6.15), short)
    assert seen["longest_gap_ms"] == 300 and seen["without_s"] == 0.2 and seen["calls_delayed"] == 0, seen


def no_event_is_lost_that_comes_with_an_answer():
    import socket
    import threading
    import time
    ours, theirs = socket.socketpair()
    event = b'{"timestamp": {"seconds": %d, "microseconds": 0}, "event": "STOP"}\n' % time.time()

    def answer():
        theirs.sendall(b"{}\n")
        for extra in (b"", event, b""):
            theirs.recv(4096)
            theirs.sendall(b'{"return": {}}\n' + extra)

    threading.Thread(target=answer, daemon=True).start()
    real, qmp.connect = qmp.connect, lambda path, complaint: ours
    control = qmp.Qmp("path")
    qmp.connect = real
    for _ in range(2):
        control.call("query-status")
    assert control.event_s("STOP", 0) is not None


def an_event_counts_from_the_start_on_by_the_other_clock():
    import time
    control = object.__new__(qmp.Qmp)
    now = time.time()
    stamp = [{"event": "RESUME", "timestamp": {"seconds": int(now) + late, "microseconds": 0}} for late in (-100, -50)]
    control.events = stamp
    found = control.event_s("RESUME", time.monotonic() - 75)
    assert found is not None and abs(time.monotonic() - 50 - found) < 5 and control.event_s("STOP", 0) is None


def seconds(cell):
    return int(cell) / 1e6 if cell else None


def table(case, name, sent, answered):
    with open(os.path.join(SAMPLES, case[name])) as file:
        return [(row.get("stream"), seconds(row[sent]), seconds(row[answered])) for row in csv.DictReader(file)]


def near(ours, theirs):
    """Tables have whole microseconds: so summaries may differ in the third digit behind a millisecond's point."""
    if isinstance(theirs, dict):
        return all(name in ours and near(ours[name], value) for name, value in theirs.items())
    return ours == theirs or abs(ours - theirs) < 0.005


def summaries_follow_from_tables():
    paths = sorted(glob.glob(os.path.join(SAMPLES, "*.json")))
    assert paths, "there are no samples"
    for path in paths:
        case = json.load(open(path))
        stamps = Stamps(*(case["stamps"][name] for name in ("start_s", "stop_s", "resume_s", "end_s")))
        if "called" in case:
            calls = [(issued, answered) for _, issued, answered in table(case, "calls", "issued_us", "answered_us")]
            ours = {**case["called"], **by_phase(stamps, calls), **measure_vtpm.silence(stamps, calls)}
            assert near(ours, case["called"]), path
        if "felt" in case:
            rows = table(case, "exchanges", "sent_us", "answered_us")
            streams = {name: [row[1:] for row in rows if row[0] == name] for name in ("udp", "tcp", "connect", "ping")}
            ours = {name: {**by_phase(stamps, streams[name]), "step_ms": measure_client.step(stamps, streams[name])}
                    for name in ("udp", "tcp", "connect")}
            ours["ping"] = {**waits(streams["ping"]), **measure_client.blackout(stamps, streams["ping"])}
            assert near(ours, {name: case["felt"][name] for name in ours}), path
            ours = measure_client.service(stamps, streams["udp"] + streams["tcp"])
            assert near(ours, {name: case["client"][name] for name in ours}), path


HELPERS = ("told", "state_of", "case_of", "options", "vtpm_of", "extended", "seconds", "table", "near")
CHECKS = [one for one in list(globals().values()) if isinstance(one, types.FunctionType) and one.__module__ == "__main__"
          and one.__name__ not in HELPERS]
for check in CHECKS:
    try:
        check()
    except AssertionError as fault:
        print(f"measure_qemu: driver: {check.__name__.replace('_', ' ')}: {fault or 'not so'}", file=sys.stderr)
        sys.exit(1)
