# What one VM reaches in either reading of figure 12, beside what the paper claims, and without the overlap.
eval page
set title "Fig. 12, one VM: two readings of the paper, and the default one without overlap\nunlimited processors"
set ylabel 'share of the host''s own rate (%)' offset 1
set yrange [0:150]
set ytics 20
set xrange [-0.6:5.6]
set xtics ("vsock\nSM1" 0, "vsock\nSM4" 1, "vsock\nSM2 verify" 2, "ivshmem\nSM1" 3, "ivshmem\nSM4" 4, "ivshmem\nSM2 verify" 5) scale 0
set key top left horizontal maxcols 2 width 2
set bmargin 3.5
one(file, column) = real(system(sprintf("awk -F, 'NR == 2 {print 100*$%d}' %s", column, file)))
$bars << EOD
0,2,60
1,3,40
2,4,90
EOD
set print $shares
do for [k=0:2] { print sprintf("%d,%f,%f,nan,%d", k, one('fig-12-vsock.csv', k+2), one('rival-vsock.csv', k+2), k == 0 ? 60 : k == 1 ? 40 : 90) }
do for [k=0:2] { print sprintf("%d,%f,%f,%f,%s", k+3, one('fig-12-ivshmem.csv', k+2), one('rival-ivshmem.csv', k+2), one('serial.csv', k+2), k == 1 ? 'nan' : '95') }
unset print
set boxwidth 0.24
plot $shares using ($1-0.26):2 with boxes lc rgb blue title 'default: communication and card overlap', \
     '' using 1:3 with boxes lc rgb orange title 'rival: all is serial, 187 us more per vsock request, a card ten times slower', \
     '' using ($1+0.26):4 with boxes lc rgb grey title 'default card, overlap switched off', \
     '' using ($1-0.42):5:(0.84):(0) with vectors nohead lw 4 lc rgb 'black' title 'paper: at least', \
     '' using ($1-0.26):(6):(sprintf('%.0f', $2)) with labels font ',17' tc rgb 'white' notitle, \
     '' using 1:(6):(sprintf('%.0f', $3)) with labels font ',17' tc rgb 'white' notitle, \
     '' using ($1+0.26):(6):(sprintf('%.0f', $4)) with labels font ',17' tc rgb 'white' notitle
