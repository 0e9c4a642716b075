# Table 4: total migration time, the paper's five runs beside tandem's five seeds; bars are means, whiskers ranges.
eval column
set title "Table 4: 512 MB VM, 2 MB vTPM, 100 Mb/s\nthe paper's fixed costs, unlimited processors"
set bmargin 3.6
set lmargin 9
set rmargin 2
set ylabel 'total migration time (s)'
set yrange [0:125]
set ytics 20
set xrange [-0.5:3.5]
set boxwidth 0.36
set xtics ("VM\nalone" 0, "vTPM\nalone" 1, "one after\nthe other" 2, "joint\n(CUMP)" 3) scale 0
set key top left
plot 'table-4.csv' every ::1 using ($0-0.19):2 with boxes lc rgb grey title 'paper, mean of 5 runs', \
     '' every ::1 using ($0+0.19):5 with boxes lc rgb blue title 'tandem, mean of 5 seeds', \
     '' every ::1 using ($0-0.19):3:(0):($4-$3) with vectors heads size screen 0.008,90 lc rgb 'black' lw 1.2 title 'smallest to largest', \
     '' every ::1 using ($0+0.19):6:(0):($7-$6) with vectors heads size screen 0.008,90 lc rgb 'black' lw 1.2 notitle, \
     '' every ::1 using ($0-0.21):($4+5):(sprintf('%.1f', $2)) with labels font ',18' notitle, \
     '' every ::1 using ($0+0.21):($4+5):(sprintf('%.1f', $5)) with labels font ',18' tc rgb blue notitle
