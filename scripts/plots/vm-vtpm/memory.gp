# Joint and concatenated migration against one after the other: the guest's memory.
data = 'memory.csv'
heading = 'Predicted: methods against guest memory (2 MiB vTPM, 100 Mb/s, 510 page writes/s over 256 MiB)'
set xlabel 'guest memory (MiB)'
set logscale x 2
set xrange [215:4900]
set xtics (256, 512, 1024, 2048, 4096)
lowest = -2
load plots.'/vm-vtpm/overhead.inc'
