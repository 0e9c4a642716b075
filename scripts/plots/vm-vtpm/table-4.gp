# Table 4: total migration time, the paper's five runs (mean and range) beside tandem's five seeds.
set title 'Total migration time (Qi and Meng, table 4): 512 MiB VM, 2 MB vTPM, 100 Mb/s'
set ylabel 'total time (s)'
set yrange [0:95]
set style fill solid 0.85 border lc rgb '#444444'
set xrange [-0.6:3.6]
set boxwidth 0.34
unset xtics
set xtics nomirror ("VM alone" 0, "vTPM alone" 1, "one after the other" 2, "joint (CUMP)" 3) scale 0
set key top left
plot 'table-4.csv' every ::1 using ($0-0.18):2 with boxes lc rgb grey title 'paper, mean of 5 runs', \
     '' every ::1 using ($0+0.18):5 with boxes lc rgb blue title 'tandem, mean of 5 seeds', \
     '' every ::1 using ($0-0.18):2:3:4 with yerrorbars lc rgb 'black' pt -1 lw 1.5 title 'smallest to largest', \
     '' every ::1 using ($0+0.18):5:6:7 with yerrorbars lc rgb 'black' pt -1 lw 1.5 notitle, \
     '' every ::1 using ($0-0.18):($4+3.5):(sprintf('%.1f', $2)) with labels font ',17' notitle, \
     '' every ::1 using ($0+0.18):($7+3.5):(sprintf('%.1f', $5)) with labels font ',17' tc rgb blue notitle
