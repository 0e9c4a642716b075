"""Whether cases that measure-card.sh wrote are whole: all keys, every number one, as many answers as requests."""
import measured_cases

CASE = "clients outstanding bytes answer_bytes cipher slots poll_us processors warm_up_s measured_s".split()
MACHINE = "processors model kernel openssl virtual".split()
RESULT = """throughput_per_s latency_us wakes_per_request service_sleeps_per_request client_sleeps_per_request
    service_notifications_per_request client_notifications_per_request service_sleeps_cancelled_per_request
    service_spurious_wakes_per_request processor_s_per_request service_processor_s_per_request
    client_processor_s_per_request fairness requests answers answers_checked others_share steal_share""".split()
COSTS = """cipher_us cipher_sd_us cipher_median_us cipher_p90_us copy_request_in_us copy_request_out_us copy_answer_in_us
    copy_answer_out_us copy_request_same_us copy_answer_same_us send_request_us recv_request_us send_answer_us
    recv_answer_us recv_request_wake_other_us send_answer_wake_other_us socket_wake_other_median_us socket_wake_other_mean_us
    socket_wake_other_p90_us clock_us handover_other_us eventfd_write_idle_us eventfd_read_ready_us
    eventfd_write_wake_other_us wake_other_median_us wake_other_mean_us wake_other_p90_us eventfd_write_wake_same_us
    wake_same_median_us wake_same_mean_us wake_same_p90_us wake_same_at_once_share round_same_us round_other_us
    sleep_same_us sleep_other_us eventfd_write_busy_other_us epoll_ready_us thread_create_us thread_start_median_us thread_start_mean_us thread_start_p90_us
    thread_begin_us thread_processor_us thread_in_row_us thread_in_row_processor_us thread_create_same_us thread_start_same_median_us thread_start_same_mean_us
    thread_start_same_p90_us thread_begin_same_us thread_processor_same_us wake_other_by_gap cipher_by_size moving_by_size""".split()


def faults(case, path):
    wanted = [(case["case"], CASE), (case["machine"], MACHINE), (case["costs"], COSTS)]
    yield from measured_cases.faults(case, path, "card", wanted, RESULT, "cipher_drift")
    if len(case["costs"]["cipher_by_size"]) < 4:
        yield "fewer than three sizes besides the case's"
    for result in measured_cases.results_of(case):
        if result["answers"] != result["requests"] or result["answers"] < 1 or result["answers_checked"] < 1:
            yield f"{result['answers']} answers, {result['answers_checked']} checked, of {result['requests']} requests"
        if not 0 <= result["fairness"] <= 1:
            yield f"fairness {result['fairness']}"


measured_cases.check("card", faults)
