# One VM with its vTPM, a card session and five sockets migrates as one: rounds, vTPM calls, card requests and sockets
# under one another.
eval sprintf("set terminal %s", format eq 'png' ? 'pngcairo noenhanced' : "svg noenhanced dynamic background '#ffffff'").sprintf(" size 1680,1000 font 'DejaVu Sans,22' linewidth 2; set output '%s.%s'", name, format)
begin = real(system("awk -F, 'NR == 2 {print $4}' platform-steps.csv"))
finish = real(system("awk -F, 'NR > 1 {e = $4+$5} END {print e}' platform-steps.csv"))
stop = real(system("awk -F, '$3 == \"stop_and_copy\" {print $4}' platform-steps.csv"))
moved = real(system("awk -F, '$4 == \"tcp\" {print $3; exit}' platform-socket-paths.csv"))
t(s) = sprintf("< awk -F, '$1 == \"%s\"' platform-sockets.csv", s)
set multiplot
set xrange [3:30]
set lmargin at screen 0.12
set rmargin at screen 0.985
set object 1 rect from begin, graph 0 to finish, graph 1 fc rgb '#eeeeee' fs solid noborder behind
set object 2 rect from stop, graph 0 to moved, graph 1 fc rgb red fs solid 0.35 noborder behind
set format x ''
unset key
set tmargin at screen 0.945
set bmargin at screen 0.80
set label 1 'the VM and its vTPM stop' at moved+0.15, graph 0.85 left font ',18' tc rgb red
set label 2 'joint migration' at begin+0.2, graph 0.85 left font ',18' tc rgb '#555555'
set label 9 "rounds\n(MB/s)" at screen 0.018, screen 0.875 center rotate font ',18'
set yrange [0:80]
set ytics 0, 40
plot "< awk -F, 'NR > 1 {print $5 \",0\"; print $5 \",\" $11/1e6; print $5+$6 \",\" $11/1e6; print $5+$6 \",0\"}' platform-rounds.csv" using 1:2 with filledcurves y=0 lc rgb purple
unset label 1; unset label 2
set tmargin at screen 0.765
set bmargin at screen 0.65
set label 9 "vTPM\n(ms)" at screen 0.018, screen 0.71 center rotate font ',18'
set logscale y
set yrange [5:500]
set ytics ('10' 10, '100' 100)
plot 'platform-commands.csv' every ::1 using 3:(strcol(5) eq 'done' ? ($4-$3)*1e3 : NaN) with points pt 7 ps 0.8 lc rgb green, \
     '' every ::1 using 3:(strcol(5) eq 'done' ? NaN : 400) with points pt 2 ps 1.5 lc rgb red
unset logscale y
set tmargin at screen 0.615
set bmargin at screen 0.50
set label 9 "card\n(1/s)" at screen 0.018, screen 0.56 center rotate font ',18'
set yrange [0:1200]
set ytics 0, 500
plot 'platform-card-series.csv' every ::1 using 2:3 with steps lc rgb orange lw 2
set tmargin at screen 0.465
set bmargin at screen 0.135
set label 9 "sockets\n(messages/s)" at screen 0.018, screen 0.3 center rotate font ',18'
set logscale y
set yrange [20:300000]
set ytics ('100' 100, '1k' 1000, '10k' 10000)
set format x '%g'
set xlabel 'time (s)'
set key top right horizontal samplen 1.5 font ',18' maxrows 2
plot t('rows') using 2:($6 > 0 ? $6/($3-$2) : NaN) with steps lc rgb blue lw 2 title 'stream to the source host', \
     t('queries') using 2:($6 > 0 ? $6/($3-$2) : NaN) with steps lc rgb sky lw 2 title 'requests to the source host', \
     t('fills') using 2:($6 > 0 ? $6/($3-$2) : NaN) with steps lc rgb red lw 2 title 'stream to the destination', \
     t('lookups') using 2:($6 > 0 ? $6/($3-$2) : NaN) with steps lc rgb orange lw 2 title 'requests from the destination', \
     t('service') using 2:($6 > 0 ? $6/($3-$2) : NaN) with steps lc rgb grey lw 2 title 'requests from a third host'
unset multiplot
