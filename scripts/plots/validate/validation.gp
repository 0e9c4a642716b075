# Measured QEMU migrations against their predictions from the inputs alone: median of the seeds, lowest and highest.
eval page
set multiplot layout 1,3 title 'Real QEMU 7.2 migrations, predicted with one profile (band: ±5 %)'
set key off
set logscale xy
set style fill transparent solid 0.55 noborder
set xtics (3, 10, 30, 100)
set ytics (3, 10, 30, 100)
set xlabel 'measured total time (s)'
set ylabel 'predicted (s)'
set xrange [2:200]
set yrange [2:200]
plot '+' using 1:($1*0.95):($1*1.05) with filledcurves lc rgb grey, x lc rgb '#444444' lw 1, \
     'validation.csv' every ::1 using ($4==1?$6/1000:1/0):($7/1000):($8/1000):($9/1000) with yerrorbars ls 1
set xtics (30, 100, 300)
set ytics (30, 100, 300)
set xlabel 'measured pages (thousands)'
set ylabel 'predicted (thousands)'
set xrange [20:500]
set yrange [20:500]
plot '+' using 1:($1*0.95):($1*1.05) with filledcurves lc rgb grey, x lc rgb '#444444' lw 1, \
     'validation.csv' every ::1 using ($4==1?$11/1000:1/0):($12/1000):($13/1000):($14/1000) with yerrorbars ls 2
set xtics (100, 300, 1000)
set ytics (100, 300, 1000)
set xlabel 'measured downtime (ms)'
set ylabel 'predicted (ms)'
set xrange [80:2000]
set yrange [80:2000]
plot '+' using 1:($1*0.95):($1*1.05) with filledcurves lc rgb grey, x lc rgb '#444444' lw 1, \
     'validation.csv' every ::1 using (strlen(strcol(16))>0?$16:1/0):($17):($18):($19) with yerrorbars ls 3
unset multiplot
