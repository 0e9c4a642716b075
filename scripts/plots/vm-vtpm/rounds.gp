# Pages per round of the joint migration: sent and skipped, over time. The first round is cut at the axis' break.
set title 'Rounds of the joint migration (seed 1, Xen 4.5 policy)'
set multiplot layout 1,2 title 'Pages of each round of the joint migration (seed 1, Xen 4.5 policy)'
unset title
set style fill solid 0.85 border lc rgb '#444444'
set ylabel 'pages'
set xlabel 'time since the start (s)'
set format y '%.0f'
set lmargin 11
set key top right
set title 'when' font ',18'
set xrange [0:90]
set yrange [0:150000]
plot 'joint-rounds.csv' every ::1 using ($5-10+$6/2):($7+$8):6 with boxes lc rgb orange title 'skipped: dirty again', \
     '' every ::1 using ($5-10+$6/2):7:6 with boxes lc rgb blue title 'sent'
set title 'how many (logarithmic)' font ',18'
set xlabel 'round (the last one with the guest stopped)'
set logscale y
set yrange [0.5:400000]
set xrange [0.4:*]
set xtics 1
set boxwidth 0.6
plot 'joint-rounds.csv' every ::1 using 3:($7+$8 > 0 ? $7+$8 : NaN) with boxes lc rgb orange title 'skipped', \
     '' every ::1 using 3:($7 > 0 ? $7 : NaN) with boxes lc rgb blue title 'sent', \
     '' every ::1 using 3:(($7+$8)*1.5):(sprintf('%d', $7)) with labels font ',14' notitle
unset multiplot
