# Throughput of a stream against message size on one host. A buffer smaller than what is copied while a VM is woken makes
# both sides sleep in turns: hence the drop of 64 KiB buffers, and the fifth line.
eval column
set title 'one host, unlimited processors' font ',20'
set logscale xy
set xlabel 'message size (bytes)'
set ylabel 'throughput (MB/s)' offset 0.3
set lmargin 10
set xrange [0.8:2e6]
set yrange [0.05:4e7]
set xtics ('1' 1, '64' 64, '1 Ki' 1024, '16 Ki' 16384, '256 Ki' 262144)
set ytics ('0.1' 0.1, '1' 1, '10' 10, '100' 100, '1000' 1000)
set grid xtics ytics lc rgb '#dddddd' lw 1 lt 1
set key top left
t(s) = sprintf("< awk -F, '$1 == \"%s\"' sizes.csv", s)
plot t('netback') using 2:($4/1e6) with linespoints ls 4 title 'TCP over netback', \
     t('XenLoop') using 2:($4/1e6) with linespoints ls 2 title 'XenLoop, MMNet', \
     t('invention') using 2:($4/1e6) with linespoints ls 1 title 'invention, VMCI, XenSocket, XWay', \
     t('invention-1MiB') using 2:($4/1e6) with lines lc rgb blue lw 2 dt 3 title 'invention, buffers of 1 MiB', \
     t('IVC') using 2:($4/1e6) with linespoints ls 3 lw 1 dt 2 title 'IVC'
