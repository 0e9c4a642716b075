# Migrations of guests that called their vTPM meanwhile, against predictions from their inputs.
eval page
data = 'validation-vtpm.csv'
heading = "Guests that call their vTPM while QEMU moves them, against predictions (band: ±5 %)"
band = 0.05
name(i) = word('total_ms downtime_ms longest_gap_ms', i)
label(i) = i == 1 ? 'total time (ms)' : i == 2 ? 'downtime (ms)' : 'between two answers (ms)'
load plots.'/validate-watched.inc'
