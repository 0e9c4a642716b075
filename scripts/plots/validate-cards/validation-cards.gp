# Measured ways to share a crypto service against their predictions from what each stage costs alone. Disturbed cases are
# in no summary.
eval page
data = 'validation-cards.csv'
heading = "Clients that share a crypto service, against predictions (band: ±25 %)"
known = 'slots threads stream host'
design = 2; disturbed = 7; rate = 8; latency = 13
rate_label = 'requests per s'
latency_label = 'median latency (µs)'
load plots.'/validate-cases.inc'
