# What operators published beside what tandem says: by how much each number is off, within which bar it must lie, and
# which were fitted.
eval terminal(1680, 960)
set title "published migrations: how far tandem is off (grey: the bar; open: fitted)" font ',20'
data = 'points.csv'
rows = system("awk 'END { print NR - 1 }' ".data)
set xrange [-40:40]
set yrange [rows - 0.4:-0.6]
set xlabel 'deviation from the published number (%)'
set lmargin at screen 0.44
set rmargin at screen 0.97
set border 1
set xtics -40, 10
set ytics scale 0 font ',19'
unset key
unset grid
set arrow 1 from 0, -0.6 to 0, rows - 0.4 nohead lc rgb '#444444' lw 1 back
off = '(100 * ($4 / $3 - 1))'
bar = '(100 * $6)'
named = "ytic(sprintf('%s:   %.5g … %.5g %s', stringcolumn(1), column(3), column(4), stringcolumn(2)))"
set label 1 'published … simulated' at graph -0.01, 1.02 right font ',17'
plot data every ::1 using (0):0:@bar:(0.34):@named with boxxyerror fs solid 1 noborder lc rgb '#e6e6e6', \
     '' every ::1 using @off:($5 > 0 ? NaN : $0) with points pt 7 ps 1.1 lc rgb blue, \
     '' every ::1 using @off:($5 > 0 ? $0 : NaN) with points pt 6 ps 1.1 lc rgb blue
