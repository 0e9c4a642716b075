# A card session beside a joint migration, around the time when the VM stands still: answers and the longest latency in
# each 20 ms.
eval page
set multiplot layout 1,2 title "Predicted: a card session while its VM and vTPM migrate jointly (64 MiB, 100 Mb/s; ivshmem)\nfixed costs of the migration paper's test bed, unlimited processors"
stop(run) = real(system(sprintf("awk -F, '$3 == \"stop_and_copy\" {print $4; exit}' %s-steps.csv", run)))
set title '8 SM2 verifications under way' font ',20'
set xlabel 'time since the VM was stopped (s)'
set xrange [-0.3:0.7]
set xtics 0.2
set ylabel 'thousand answers per second'
set yrange [0:10]
set key top left
plot 'drain-card-series.csv' every ::1 using ($2-stop('drain')+0.01):($3/1e3) with linespoints ls 1 ps 1.2 title 'drained before', \
     'resubmit-card-series.csv' every ::1 using ($2-stop('resubmit')+0.01):($3/1e3) with linespoints ls 2 title 'asked again after'
unset key
set ylabel 'longest latency (ms)'
set logscale y
set format y '%g'
set yrange [0.3:3000]
plot 'drain-card-series.csv' every ::1 using ($2-stop('drain')+0.01):($3 > 0 ? $6*1e3 : NaN) with linespoints ls 1 ps 1.2 title 'drained before', \
     'resubmit-card-series.csv' every ::1 using ($2-stop('resubmit')+0.01):($3 > 0 ? $6*1e3 : NaN) with linespoints ls 2 title 'asked again after'
unset multiplot
