# Published outages after a move (bars from the least to the most) beside tandem's (marks), and what of that the guest
# stood still.
eval column
set title 'outages as published and as simulated' font ',20'
set logscale x
set xrange [0.1:200]
set yrange [3.6:-2.8]
set xlabel 'seconds'
set lmargin 20
set grid xtics lc rgb '#dddddd' lw 1 lt 1
set xtics (0.1, 0.3, 1, 3, 10, 30, 100)
set key top right
data = 'outages.csv'
set style arrow 1 nohead lw 9 lc rgb grey
plot data every ::1 using ($2 > 0.1 ? $2*0.97 : 0.1):0:($3*1.03 - ($2 > 0.1 ? $2*0.97 : 0.1)):(0):ytic(1) with vectors arrowstyle 1 title 'published', \
     data every ::1 using 4:0 with points ls 1 title 'simulated', \
     data every ::1 using 5:0 with points ls 2 title 'stood still'
