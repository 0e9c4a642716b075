"""Whether cases that measure-sockets.sh wrote are whole: all keys, every number one, as many bytes received as sent."""
import measured_cases

CASE = """workload bytes receive_bytes buffer_bytes kernel_send_buffer_bytes kernel_receive_buffer_bytes segment_bytes no_delay
    poll_us processors warm_up_s measured_s""".split()
MACHINE = "processors model kernel virtual".split()
SIDES = ("sender", "receiver")
RING_ONLY = [f"{side}_{what}_per_message" for what in ("notifications", "sleeps_cancelled", "spurious_wakes")
             for side in SIDES]
TCP_ONLY = "segments_per_message acknowledgments_per_message".split()
RESULT = ["throughput_Bps", "messages_per_s", "latency_us", *(f"{side}_sleeps_per_message" for side in SIDES), *RING_ONLY,
          *(f"{side}_{what}_per_message"
            for what in ("voluntary_switches", "involuntary_switches", "receives", "processor_s") for side in SIDES),
          "processor_s_per_message", *TCP_ONLY, "messages", "sent_bytes", "received_bytes", "compared_bytes", "others_share",
          "steal_share"]
COSTS = """copy_16k_us system_call_us clock_us handover_other_us eventfd_write_idle_us eventfd_read_ready_us
    eventfd_write_wake_other_us wake_other_median_us wake_other_mean_us wake_other_p90_us eventfd_write_wake_same_us
    wake_same_median_us wake_same_mean_us wake_same_p90_us wake_same_at_once_share round_same_us round_other_us sleep_same_us
    sleep_other_us eventfd_write_busy_other_us wake_other_by_gap moving_by_size""".split()
RING_SIZE = "copy_in_other_us copy_out_other_us copy_in_same_us copy_out_same_us".split()
TCP_SMALL = "send_segment_us send_appended_us push_us receive_unacknowledged_us acknowledge_us".split()
# What every size has that the design holds, on two processors.
MOVED = """send_same_us receive_same_us send_other_us receive_other_us send_wake_other_us wake_other_median_us
    wake_other_mean_us wake_other_p90_us send_wake_same_us wake_same_median_us wake_same_mean_us wake_same_p90_us
    sleep_other_us sleep_same_us""".split()
ROW = "send_row_other_us receive_row_other_us".split()
FULL = """receive_full_other_us receive_wake_other_us receive_wake_other_share room_other_median_us room_other_mean_us
    room_other_p90_us receive_full_same_us receive_wake_same_us receive_wake_same_share""".split()
SIZE = ["bytes", *RING_SIZE, *MOVED[:4], *ROW, *MOVED[4:], *FULL, *TCP_SMALL]
ONE_SEGMENT = 16000  # two messages of it are less than one segment


def size_faults(case, size, single):
    ring, tcp = case["design"] == "ring", case["design"] == "tcp"
    wanted = [*MOVED, *(RING_SIZE if ring else []), *(TCP_SMALL if tcp and size["bytes"] <= ONE_SEGMENT else [])]
    if single:
        wanted = [key for key in wanted if "_other" not in key]
    for key in wanted if size["send_same_us"] is not None else []:
        if size[key] is None:
            yield f"{size['bytes']} bytes: {key} was not measured"
    for keys, other in ((RING_SIZE, ring), (TCP_SMALL, tcp)):
        if not other and any(size[key] is not None for key in keys):
            yield f"{size['bytes']} bytes: {case['design']} has costs of another design"
    if size["send_same_us"] is None and (ring or size["bytes"] <= 4096):
        yield f"{size['bytes']} bytes were not measured"


def result_faults(case, result):
    stream = case["case"]["workload"] == "stream"
    if result["received_bytes"] != result["sent_bytes"] or result["messages"] < 1:
        yield f"{result['received_bytes']} bytes received of {result['sent_bytes']}, {result['messages']} messages"
    if result["sent_bytes"] != result["messages"] * case["case"]["bytes"] * (1 if stream else 2):
        yield f"{result['sent_bytes']} bytes in {result['messages']} messages"
    if not 0 < result["compared_bytes"] <= result["received_bytes"]:
        yield f"{result['compared_bytes']} bytes compared"
    for keys, design in ((RING_ONLY, "ring"), (TCP_ONLY, "tcp")):
        if any((result[key] is None) == (case["design"] == design) for key in keys):
            yield f"{keys} of {case['design']}"
    if any((value is None) != stream for value in result["latency_us"].values()):
        yield f"latencies {result['latency_us']}"


def faults(case, path):
    single, sizes = measured_cases.is_single(case), case["costs"]["moving_by_size"]
    wanted = [(case["case"], CASE), (case["machine"], MACHINE), (case["costs"], COSTS), *((size, SIZE) for size in sizes)]
    yield from measured_cases.faults(case, path, "socket", wanted, RESULT, "drift")
    if sorted({size["bytes"] for size in sizes}) != [size["bytes"] for size in sizes]:
        yield "sizes that are not in order"
    if any(isinstance(value, float) for key, value in case["case"].items() if key.endswith("_bytes")):
        yield f"bytes that are not whole: {case['case']}"
    if case["case"]["buffer_bytes"] not in (None, 65536) and f"-b{case['case']['buffer_bytes']}" not in case["id"]:
        yield f"a buffer of {case['case']['buffer_bytes']}"
    for key in ("bytes", "receive_bytes"):
        bytes_most = case["case"]["buffer_bytes"] or case["case"][key]
        if case["case"][key] <= bytes_most and case["case"][key] not in [size["bytes"] for size in sizes]:
            yield f"no costs of {case['case'][key]} bytes"
    for size in sizes:
        yield from size_faults(case, size, single)
    for result in measured_cases.results_of(case):
        yield from result_faults(case, result)


measured_cases.check("socket", faults)
