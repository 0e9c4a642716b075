# A real Xen legacy log (xen-users, March 2012): pages of the logged rounds beside simulated ones. Linear axes; round 1
# has its own, for it is ten times larger.
eval page
set multiplot layout 1,2 title "A real Xen migration log (128 MiB guest, xen-users, March 2012) beside tandem (seed 1)\ntandem: no fixed costs, unlimited processors"
$logged << EOD
1,28847,3921
2,3462,2574
3,2701,1065
EOD
set tmargin 3
set bmargin 4
set boxwidth 0.18
set ylabel 'pages in the round'
unset key
panel = "$logged using ($1-0.3):2 with boxes lc rgb '#777777' title 'sent, logged', \
     'xen-log-rounds.csv' every ::1::3 using ($3-0.1):7 with boxes lc rgb blue title 'sent, tandem', \
     $logged using ($1+0.1):3 with boxes lc rgb '#cccccc' title 'skipped, logged', \
     'xen-log-rounds.csv' every ::1::3 using ($3+0.3):8 with boxes lc rgb orange title 'skipped, tandem', \
     $logged using ($1-0.3):($2+room):($2 < top ? sprintf('%d', $2) : '') with labels font ',16' notitle, \
     'xen-log-rounds.csv' every ::1::3 using ($3-0.1):($7+room):($7 < top ? sprintf('%d', $7) : '') with labels font ',16' notitle, \
     $logged using ($1+0.1):($3+room):($3 < top ? sprintf('%d', $3) : '') with labels font ',16' notitle, \
     'xen-log-rounds.csv' every ::1::3 using ($3+0.3):($8+room):($8 < top ? sprintf('%d', $8) : '') with labels font ',16' notitle"
set lmargin at screen 0.12; set rmargin at screen 0.4
top = 35000; room = 1200
set xrange [0.5:1.5]; set yrange [0:35000]; set xtics ("round 1\n(calibrated)" 1) scale 0
set ytics 5000
plot @panel
set lmargin at screen 0.48; set rmargin at screen 0.98
unset ylabel
set key top right
top = 7500; room = 250
set xrange [1.5:3.5]; set yrange [0:7500]; set xtics ("round 2\n(predicted)" 2, "round 3\n(predicted)" 3) scale 0
set ytics 1500
plot @panel
unset multiplot
