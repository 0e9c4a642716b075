# A real Xen legacy log (xen-users, March 2012): sent and skipped pages of the first rounds, logged beside simulated.
set title 'A real Xen migration log, 128 MiB guest: logged beside tandem (seed 1)'
$logged << EOD
1,28847,3921
2,3462,2574
3,2701,1065
EOD
set style fill solid 0.85 border lc rgb '#444444'
set boxwidth 0.18
set logscale y
set yrange [500:60000]
set xrange [0.5:3.5]
set xtics ("round 1\n(calibrated)" 1, "round 2\n(predicted)" 2, "round 3\n(predicted)" 3) scale 0
set ylabel 'pages (logarithmic)'
set key top right
plot $logged using ($1-0.3):2 with boxes lc rgb grey title 'logged, sent', \
     'xen-log-rounds.csv' every ::1::3 using ($3-0.1):7 with boxes lc rgb blue title 'tandem, sent', \
     $logged using ($1+0.1):3 with boxes lc rgb '#cccccc' title 'logged, skipped', \
     'xen-log-rounds.csv' every ::1::3 using ($3+0.3):8 with boxes lc rgb orange title 'tandem, skipped', \
     $logged using ($1-0.3):($2*1.15):(sprintf('%d', $2)) with labels font ',15' notitle, \
     'xen-log-rounds.csv' every ::1::3 using ($3-0.1):($7*1.15):(sprintf('%d', $7)) with labels font ',15' notitle, \
     $logged using ($1+0.1):($3*1.15):(sprintf('%d', $3)) with labels font ',15' notitle, \
     'xen-log-rounds.csv' every ::1::3 using ($3+0.3):($8*1.15):(sprintf('%d', $8)) with labels font ',15' notitle
