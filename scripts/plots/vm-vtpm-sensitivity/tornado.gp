# What table 4 hangs on: each fitted or chosen parameter of the test bed 10 % lower (blue) and higher (orange).
eval terminal(1680, 820)
set multiplot layout 1,3 title 'Joint migration of table 4: ±10 % of one parameter (blue −10 %, orange +10 %)'
set style fill solid 0.85 noborder
unset key
unset grid
set grid xtics lc rgb '#dddddd' lw 1
stats 'sensitivity.csv' every ::1 using 2 nooutput name 'rows'
set yrange [-0.7:rows_records-0.3]
set tmargin at screen 0.88
set bmargin at screen 0.17
set lmargin at screen 0.21
set rmargin at screen 0.45
set xrange [-7:11]
set xtics -5, 5
set xlabel 'total time (%)'
plot 'sensitivity.csv' every ::1 using ($2/2):0:(abs($2)/2):(0.35):ytic(1) with boxxyerror lc rgb blue, \
     '' every ::1 using ($3/2):0:(abs($3)/2):(0.35) with boxxyerror lc rgb orange
set format y ''
set lmargin at screen 0.49
set rmargin at screen 0.72
set xrange [-0.8:0.8]
set xtics -0.5, 0.5
set xlabel 'excess over sequential (points)' font ',20'
plot 'sensitivity.csv' every ::1 using ($4/2):0:(abs($4)/2):(0.35) with boxxyerror lc rgb blue, \
     '' every ::1 using ($5/2):0:(abs($5)/2):(0.35) with boxxyerror lc rgb orange
set lmargin at screen 0.76
set rmargin at screen 0.985
set xrange [-5:5]
set xtics -4, 4
set xlabel 'downtime (%)'
plot 'sensitivity.csv' every ::1 using ($6/2):0:(abs($6)/2):(0.35) with boxxyerror lc rgb blue, \
     '' every ::1 using ($7/2):0:(abs($7)/2):(0.35) with boxxyerror lc rgb orange
unset multiplot
