# Measured rates and latencies of two processes that talk against their predictions from what each stage costs alone.
# Disturbed cases are in no summary. Streams of two on one processor are not predicted, and not drawn.
eval page
data = 'validation-sockets.csv'
heading = "Two processes that talk, against predictions (band: ±25 %)"
known = 'ring tcp unix'
design = 2; disturbed = 6; rate = 7; latency = 12
rate_label = 'messages per s'
latency_label = 'round trip (µs)'
load plots.'/validate-cases.inc'
