# Joint and concatenated migration against one after the other: how fast the guest writes.
data = 'dirty-rate.csv'
heading = 'Predicted: methods against the rate at which the guest writes (512 MiB VM, 2 MiB vTPM, 100 Mb/s)'
set xlabel 'page writes per second, over 256 MiB'
set xrange [0:2650]
set xtics 500
lowest = -2
load plots.'/vm-vtpm/overhead.inc'
