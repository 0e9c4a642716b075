# Round trip against message size, both axes logarithmic: the eight systems on one host. VMCI, XenSocket and XWay cost
# what the invention does here and MMNet what XenLoop does (docs/models/socket.md), so one line stands for each.
eval column
set title 'one host, unlimited processors' font ',20'
set logscale xy
set xlabel 'message size (bytes)'
set ylabel 'round trip (us)' offset 0.5
set ytics ('100' 100, '1 000' 1000, '10 000' 10000)
set xrange [0.8:2e6]
set yrange [60:1000000]
set xtics ('1' 1, '64' 64, '1 Ki' 1024, '16 Ki' 16384, '256 Ki' 262144)
set grid xtics ytics lc rgb '#dddddd' lw 1 lt 1
set key top left
t(s) = sprintf("< awk -F, '$1 == \"%s\"' sizes.csv", s)
plot t('netback') using 2:($3*1e6) with linespoints ls 4 title 'TCP over netback', \
     t('XenLoop') using 2:($3*1e6) with linespoints ls 2 title 'XenLoop, MMNet', \
     t('invention') using 2:($3*1e6) with linespoints ls 1 title 'invention, VMCI, XenSocket, XWay', \
     t('IVC') using 2:($3*1e6) with linespoints ls 3 lw 1 dt 2 title 'IVC'
