# Rounds of the joint migration. Left and middle: a bar is one round, as wide as the round lasts, sent and skipped pages
# stacked on a linear axis; the middle one enlarges what follows round 1. Right: all rounds, as points, for bars cannot
# stand on a logarithmic axis.
eval page
stats 'joint-steps.csv' every ::1 using 4 nooutput name 'steps'
stats 'joint-rounds.csv' every ::1 using 5 nooutput name 'begin'
begin = steps_min
stats 'joint-rounds.csv' every ::1 using ($4 == 1 ? $5+$6 : NaN) nooutput name 'end'
stats 'joint-rounds.csv' every ::1 using ($3 == 2 ? $5 : NaN) nooutput name 'second'
stats 'joint-rounds.csv' every ::1 using ($3 == 2 ? $7+$8 : NaN) nooutput name 'pages'
set multiplot layout 1,3 title "Rounds of the joint migration of table 4 (seed 1, Xen 4.5 policy)\nfixed costs of the paper's test bed, unlimited processors"
set style fill solid 1 border lc rgb '#ffffff'
set ylabel 'thousand pages in the round'
set xlabel 'time since the start (s)'
set title 'all rounds' font ',20'
set lmargin 9
set key top right samplen 1.2
set xrange [0:80]
set yrange [0:180]
set xtics 20
set ytics 30
plot 'joint-rounds.csv' every ::1 using ($5-begin+$6/2):(($7+$8)/1000):6 with boxes lc rgb orange title 'skipped', \
     '' every ::1 using ($5-begin+$6/2):($7/1000):6 with boxes lc rgb blue title 'sent'
set title 'after round 1' font ',20'
unset ylabel
set ytics 5
set xrange [floor(second_min-begin)-0.5:ceil(end_max-begin)]
set yrange [0:pages_max*1.4/1000]
set xtics 2
set lmargin 6
plot 'joint-rounds.csv' every ::2 using ($5-begin+$6/2):(($7+$8)/1000):6 with boxes lc rgb orange title 'skipped', \
     '' every ::2 using ($5-begin+$6/2):($7/1000):6 with boxes lc rgb blue title 'sent'
set title 'each round' font ',20'
set xlabel 'round (last: stopped)'
set ylabel 'pages'
set lmargin 10
set ytics autofreq
set logscale y
set format y '10^{%T}'
set termoption enhanced
set yrange [1:10000000]
set xrange [0.5:begin_records+0.9]
set rmargin 2
set xtics 1
plot 'joint-rounds.csv' every ::1 using 3:($7 > 0 ? $7 : NaN) with linespoints lc rgb blue pt 7 ps 0.8 title 'sent', \
     '' every ::1 using 3:($8 > 0 ? $8 : NaN) with linespoints lc rgb orange pt 5 ps 0.7 title 'skipped', \
     '' every ::1 using 3:($7 > 0 ? $7 : NaN):(sprintf('%d', $7)) with labels left offset 0.5,0.5 font ',16' tc rgb blue notitle
unset multiplot
