# OpenStack Neat's test bed: what ten policies made of a day, measured (three runs each, of those that are published beside
# the traces) and simulated (mean, least and most over days with other assignments of traces to VMs), and the same three
# thresholds with migrations that cost nothing.
eval terminal(1680, 860)
data = 'neat.csv'
rows = system("awk 'END { print NR - 1 }' ".data)
set multiplot
set yrange [rows - 0.4:-0.7]
set border 1
set ytics scale 0 font ',18'
set xtics font ',18'
unset key
set grid xtics lc rgb '#dddddd' lw 1 lt 1
unset grid
set grid xtics
set tmargin at screen 0.86
set bmargin at screen 0.15
set arrow 1 from graph 0, first 3.5 to graph 1, first 3.5 nohead lc rgb '#bbbbbb' lw 1 dt 2
set arrow 2 from graph 0, first 9.5 to graph 1, first 9.5 nohead lc rgb '#bbbbbb' lw 1 dt 2
set label 10 'Neat’s four hosts and 28 VMs for a day' at screen 0.02, 0.955 left font ',22'
set label 11 'measured, each run' at screen 0.46, 0.955 left font ',18'
set label 12 'simulated: mean, least, most' at screen 0.67, 0.955 left font ',18'
set object 1 circle at screen 0.448, 0.956 size screen 0.006 fc rgb orange fs solid 1 noborder
set object 2 circle at screen 0.658, 0.956 size screen 0.006 fc rgb blue fs solid 1 noborder
panel(c) = sprintf("plot data every ::1 using %d:0:%d:%d%s with xerrorbars lc rgb blue lw 1.5 pt 7 ps 0.8, \
 '' every ::1 using %d:($0-0.25) with points pt 7 ps 0.9 lc rgb orange, \
 '' every ::1 using %d:($0-0.25) with points pt 7 ps 0.9 lc rgb orange, \
 '' every ::1 using %d:($0-0.25) with points pt 7 ps 0.9 lc rgb orange", c + 3, c + 4, c + 5, \
 c == 3 ? ':ytic(1)' : '', c, c + 1, c + 2)
set lmargin at screen 0.11
set rmargin at screen 0.38
set xrange [0.3:0.55]
set xtics 0.1
set xlabel 'asleep, of all hosts’ time' font ',18'
eval panel(3)
unset label 10; unset label 11; unset label 12; unset object 1; unset object 2
set format y ''
set lmargin at screen 0.42
set rmargin at screen 0.69
set xrange [0:0.6]
set xtics 0.2
set xlabel 'overloaded, of their active time' font ',18'
eval panel(9)
set lmargin at screen 0.73
set rmargin at screen 0.98
set xrange [0:300]
set xtics 100
set xlabel 'migrations' font ',18'
eval panel(15)
unset multiplot
