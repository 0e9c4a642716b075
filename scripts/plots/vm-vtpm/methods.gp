# What the paper does not report: downtime, and how long the running VM has no vTPM. Means and ranges of five seeds.
set multiplot layout 1,2 title 'Predicted: what each method costs the guest (512 MiB, 100 Mb/s, five seeds)'
set style fill solid 0.85 border lc rgb '#444444'
set boxwidth 0.6
set xtics rotate by -25 font ',17'
set rmargin 6
set bmargin 5
set xrange [-0.6:3.6]
unset key
set ylabel 'downtime of the VM (s)'
set yrange [0:*]
plot 'methods.csv' every ::1 using 0:5:xtic(1) with boxes lc rgb blue, \
     '' every ::1 using 0:5:6:7 with yerrorbars lc rgb 'black' pt -1 lw 1.5, \
     '' every ::1 using 0:($7+0.015):(sprintf('%.2f', $5)) with labels font ',17'
set ylabel 'running VM without its vTPM (s)'
set yrange [0:75]
plot 'methods.csv' every ::1 using 0:8:xtic(1) with boxes lc rgb orange, \
     '' every ::1 using 0:8:9:10 with yerrorbars lc rgb 'black' pt -1 lw 1.5, \
     '' every ::1 using 0:($10+3):(sprintf('%.1f', $8)) with labels font ',17'
unset multiplot
