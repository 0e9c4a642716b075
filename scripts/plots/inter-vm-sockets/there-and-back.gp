# A stream and a client's requests through two migrations: throughput, round trip, and what pre-copy puts on the cable.
eval page
path(s, n) = real(system(sprintf("awk -F, '$1 == \"%s\" {n++} n == %d {print $3; exit}' socket-paths.csv", s, n)))
begin(m) = real(system(sprintf("awk -F, '$1 == \"%s\" {print $4; exit}' steps.csv", m)))
finish(m) = real(system(sprintf("awk -F, '$1 == \"%s\" {e = $4+$5} END {print e}' steps.csv", m)))
away = path('stream', 2); back = path('stream', 3)
t(s) = sprintf("< awk -F, '$1 == \"%s\"' sockets.csv", s)
set multiplot
set label 99 "fixed costs of the migration paper's test bed, unlimited processors" at screen 0.985, screen 0.975 right font ',17'
set xrange [0:60]
set lmargin at screen 0.12
set rmargin at screen 0.985
set arrow 1 from away, graph 0 to away, graph 1 nohead lc rgb red lw 1.5 dt 2 front
set arrow 2 from back, graph 0 to back, graph 1 nohead lc rgb red lw 1.5 dt 2 front
set object 1 rect from begin('away'), graph 0 to finish('away'), graph 1 fc rgb '#eeeeee' fs solid noborder behind
set object 2 rect from begin('back'), graph 0 to finish('back'), graph 1 fc rgb '#eeeeee' fs solid noborder behind
unset key
set format x ''
set tmargin at screen 0.95
set bmargin at screen 0.67
set logscale y
set yrange [20:3000]
set ytics ('30' 30, '100' 100, '300' 300, '1000' 1000)
set label 9 "stream\n(MB/s)" at screen 0.02, screen 0.81 center rotate font ',18'
set label 1 'shared memory' at away/2, 1800 center font ',18' tc rgb blue
set label 2 'TCP over the cable' at (away+back)/2, 1800 center font ',18' tc rgb orange
set label 3 'shared memory' at (back+60)/2, 1800 center font ',18' tc rgb blue
set style fill solid 0.9 noborder
plot t('stream') using 2:(($2 < away || $2 >= back) && $4 > 0 ? $8/1e6 : NaN) with steps lc rgb blue lw 2, \
     t('stream') using 2:($2 >= away-0.2 && $2 < back ? $8/1e6 : NaN) with steps lc rgb orange lw 2
unset label 1; unset label 2; unset label 3
unset label 99
set tmargin at screen 0.63
set bmargin at screen 0.43
set yrange [0.08:300]
set ytics ('0.1' 0.1, '1' 1, '10' 10, '100' 100)
set label 9 "round trip\n(ms)" at screen 0.02, screen 0.515 center rotate font ',18'
plot t('requests') using 2:($6 > 0 ? $7*1e3 : NaN) with steps lc rgb green lw 2
unset logscale y
set tmargin at screen 0.39
set bmargin at screen 0.19
set format x '%g'
set xlabel 'time (s)'
set yrange [0:140]
set ytics 0, 50
set label 9 "pre-copy\n(MB/s)" at screen 0.02, screen 0.25 center rotate font ',18'
plot "< awk -F, 'NR > 1 {print $5 \",0\"; print $5 \",\" $11/1e6; print $5+$6 \",\" $11/1e6; print $5+$6 \",0\"}' rounds.csv" using 1:2 with filledcurves y=0 lc rgb purple
unset multiplot
