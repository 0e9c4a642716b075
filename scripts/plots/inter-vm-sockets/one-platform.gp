# Three papers on one platform: what a VM's joint migration does to its vTPM, its crypto-card session and its sockets.
eval terminal(1680, 1180)
first(file, key, column) = real(system(sprintf("awk -F, '$1 == \"%s\" {print $%d; exit}' %s", key, column, file)))
begin = first('platform-steps.csv', 'mig-vm1', 4)
finish = real(system("awk -F, 'NR > 1 {e = $4+$5} END {print e}' platform-steps.csv"))
stop = real(system("awk -F, '$3 == \"stop_and_copy\" {print $4}' platform-steps.csv"))
t(s) = sprintf("< awk -F, '$1 == \"%s\"' platform-sockets.csv", s)
set multiplot
set label 99 "fixed costs of the migration paper's test bed, unlimited processors" at screen 0.985, screen 0.975 right font ',17'
set xrange [0:30]
set lmargin at screen 0.13
set rmargin at screen 0.985
set object 1 rect from begin, graph 0 to finish, graph 1 fc rgb '#eeeeee' fs solid noborder behind
set arrow 1 from stop, graph 0 to stop, graph 1 nohead lc rgb red lw 1.5 dt 2 front
unset key
set format x ''
set tmargin at screen 0.95
set bmargin at screen 0.77
set yrange [0:130]
set ytics 0, 50
set ylabel "pre-copy\n(MB/s)" offset 0.3
set label 1 'joint migration' at (begin+stop)/2, 112 center font ',18'
set label 2 'VM stopped' at stop+0.3, 112 left font ',18' tc rgb red
plot "< awk -F, 'NR > 1 {print $5 \",0\"; print $5 \",\" $11/1e6; print $5+$6 \",\" $11/1e6; print $5+$6 \",0\"}' platform-rounds.csv" using 1:2 with filledcurves y=0 lc rgb purple
unset label 1; unset label 2
unset label 99
set tmargin at screen 0.73
set bmargin at screen 0.57
set yrange [0:40]
set ytics 0, 20
set ylabel "vTPM call\n(ms)" offset 0.3
plot 'platform-commands.csv' every ::1 using 4:(($4-$3)*1e3) with points pt 7 ps 0.7 lc rgb green
set tmargin at screen 0.53
set bmargin at screen 0.37
set yrange [0:6]
set ytics 0, 2
set ylabel "card (1000\nrequests/s)" offset 0.3
plot 'platform-card-series.csv' every ::1 using 2:($3/1e3) with steps lc rgb blue lw 2
set tmargin at screen 0.33
set bmargin at screen 0.12
set format x '%g'
set xlabel 'time (s)'
set logscale y
set yrange [0.05:3000]
set ytics ('0.1' 0.1, '1' 1, '10' 10, '100' 100, '1000' 1000)
set ylabel "sockets\n(MB/s)" offset 0.3
set key Left reverse samplen 1.2 font ',16' nobox
set key at 3.5, 180 left top vertical
plot t('stream') using 2:($4 > 0 ? $8/1e6 : NaN) with steps lc rgb blue lw 2 title 'stream from a neighbour', \
     t('requests') using 2:($4 > 0 ? $8/1e6 : NaN) with steps lc rgb orange lw 2 title 'requests of a neighbour', \
     t('to-peer') using 2:($4 > 0 ? $8/1e6 : NaN) with steps lc rgb green lw 2 title 'requests to a peer over there'
unset multiplot
