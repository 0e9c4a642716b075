# Figure 11: VM to host and back without the card, by size; the values that the paper states are marked.
eval column
set title "Fig. 11: VM – host – VM, without the card\nunlimited processors"
set xlabel 'size of the message (KB)'
set ylabel 'throughput (Mb/s)'
set xrange [0:17]
set yrange [0:9000]
set xtics 2
set rmargin 2
$stated << EOD
4,2000,1600
8,4000,3000
EOD
plot 'fig-11.csv' every ::1 using 1:($2/1e6) with linespoints ls 1 title 'ivshmem, tandem', \
     '' every ::1 using 1:($3/1e6) with linespoints ls 2 title 'vsock, tandem', \
     $stated using 1:2 with points pt 2 ps 2.6 lw 3 lc rgb 'black' title 'stated in the paper', \
     $stated using 1:3 with points pt 2 ps 2.6 lw 3 lc rgb 'black' notitle
