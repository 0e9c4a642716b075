# When cloud-hypervisor's five passes ended: published (marks), simulated (line).
eval column
set title 'five passes: published (marks), simulated (line)' font ',20'
set xlabel 'pass'
set ylabel 'end, seconds after the first page' offset 0.3
set xrange [0.6:5.4]
set yrange [0:18]
set xtics 1
set key top left
plot 'passes.csv' every ::1 using 1:3 with lines ls 1 title 'simulated', \
     '' every ::1 using 1:2 with points ls 2 title 'cloud-hypervisor #7799'
