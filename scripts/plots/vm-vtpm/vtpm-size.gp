# Joint and concatenated migration against one after the other: the size of the vTPM's domain.
data = 'vtpm-size.csv'
heading = 'Predicted: methods against the size of the vTPM domain (512 MiB VM, 100 Mb/s, 510 page writes/s)'
set xlabel 'memory of the vTPM domain (MiB)'
set logscale x 2
set xrange [1.6:160]
set xtics (2, 8, 32, 64, 128)
lowest = -2
load plots.'/vm-vtpm/overhead.inc'
