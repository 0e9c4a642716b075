# Streams over the same kind of path on two machines, published (marks) beside tandem's (lines): the inventors' own of
# 2012, four values of its profile fitted; netfront and XenLoop of 2016; and XenVMC there, which is predicted only.
eval column
set title 'streams as published (marks) and as simulated (lines)' font ',20'
set logscale xy
set xlabel 'message size (bytes)'
set ylabel 'throughput (Gb/s)' offset 0.3
set lmargin 10
set xrange [45:50000]
set yrange [50:1000000]
set xtics ('64' 64, '256' 256, '1 Ki' 1024, '4 Ki' 4096, '16 Ki' 16384)
set ytics ('0.1' 100, '1' 1000, '10' 10000)
set grid xtics ytics lc rgb '#dddddd' lw 1 lt 1
set key top left
t(s) = sprintf("< awk -F, '$1 == \"%s\"' machines.csv", s)
plot t('xenvmc-2012-own-stream') using 5:7 with lines ls 1 title 'XenVMC, 2012', \
     '' using 5:6 with points ls 1 notitle, \
     t('liu-2016-netback-stream') using 5:7 with lines ls 4 title 'netfront, 2016', \
     '' using 5:6 with points ls 4 notitle, \
     t('liu-2016-xenloop-stream') using 5:7 with lines ls 2 title 'XenLoop, 2016', \
     '' using 5:6 with points ls 2 notitle, \
     t('liu-2016-invention-stream') using 5:7 with lines ls 3 dt 2 title 'XenVMC, 2016 (predicted)'
