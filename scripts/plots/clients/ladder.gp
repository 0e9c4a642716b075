# When a client's kernel sends again what has no answer: measured, or the manual's (marks), beside tandem's (lines).
eval column
set title 'sent again: stated (marks), simulated (lines)' font ',20'
set logscale y 2
set xlabel 'transmission after the first'
set ylabel 'seconds' offset 0.3
set xrange [0.7:7.3]
set yrange [0.15:300]
set xtics 1
set ytics ('0.2' 0.2, '0.4' 0.4, '0.8' 0.8, '1.7' 1.7, '3.3' 3.3, '7' 7, '15' 15)
set key top left
t(s) = sprintf("< awk -F, '$1 == \"%s\"' ladder.csv", s)
plot t('ladder-probe') using 2:4 with lines ls 1 title 'segment, tail-loss probe', \
     '' using 2:3 with points ls 1 notitle, \
     t('ladder-no-probe') using 2:4 with lines ls 2 title 'segment, none', \
     '' using 2:3 with points ls 2 notitle, \
     t('ladder-syn') using 2:4 with lines ls 3 title 'SYN, Linux 6.5 and later', \
     '' using 2:3 with points ls 3 notitle, \
     t('ladder-syn-before') using 2:4 with lines ls 4 title 'SYN before', \
     '' using 2:3 with points ls 4 notitle
