# What the predictions hang on: change of the mean prediction when one parameter is 10 % lower or higher.
eval page
set multiplot layout 1,2 title 'Change of the predictions for ±10 % of one parameter (blue −10 %, orange +10 %)'
set style fill solid 0.85 noborder
set boxwidth 0.7
unset key
set grid xtics lc rgb '#dddddd' lw 1
unset grid
set yrange [-0.7:*]
set lmargin 20
set xtics 0.02
set xlabel 'total time (%)'
plot 'sensitivity.csv' every ::1 using ($2/2):0:($2/2):(0.35):ytic(1) with boxxyerror lc rgb blue title '−10 %', \
     '' every ::1 using ($3/2):0:($3/2):(0.35) with boxxyerror lc rgb orange title '+10 %'
set xtics autofreq
set xlabel 'downtime (%)'
plot 'sensitivity.csv' every ::1 using ($4/2):0:($4/2):(0.35):ytic(1) with boxxyerror lc rgb blue title '−10 %', \
     '' every ::1 using ($5/2):0:($5/2):(0.35) with boxxyerror lc rgb orange title '+10 %'
unset multiplot
