# What the paper does not report: total time, downtime, how long the running VM has no vTPM and what is sent, for each way to
# move the two. Means and ranges of five seeds; at the right the price: what is over the cheapest by more than 1 %.
eval terminal(1680, 760)
set multiplot layout 1,5 title "Predicted: what each way to move a VM and its vTPM costs (512 MiB VM, 2 MiB vTPM, 100 Mb/s)\nfixed costs of the paper's test bed for each domain, unlimited processors"
set yrange [5.6:-0.6]
set ytics ("VM,\nthen vTPM" 0, "vTPM,\nthen VM" 1, "vTPM at the\nstart of push" 2, "joint\n(CUMP)" 3, "joint,\nconcatenated" 4, "QEMU: state\nin the stream" 5) scale 0 font ',19'
unset key
set grid noytics xtics lc rgb '#dddddd' lw 1 lt 1
set bmargin at screen 0.16
set tmargin at screen 0.85
set xtics font ',18'
h = 0.3
bars = "'methods.csv' every ::1 using (0):0:(0):(column(c)*scale):($0-h):($0+h) with boxxyerror lc rgb colour, \
     '' every ::1 using (column(c+1)*scale):0:((column(c+2)-column(c+1))*scale):(0) with vectors heads size screen 0.004,90 lc rgb 'black' lw 1.2, \
     '' every ::1 using (column(c+2)*scale+room):0:(sprintf(text, column(c)*scale)) with labels left font ',17'"
panel(i) = sprintf("set lmargin at screen %.4f; set rmargin at screen %.4f", 0.122 + 0.174 * i, 0.27 + 0.174 * i)
named(text) = sprintf("set xlabel \"%s\" font ',19'", text)
eval panel(0)
eval named('total time (s)')
set xrange [0:100]; set xtics 50
c = 2; scale = 1; colour = grey; room = 2; text = '%.1f'
plot @bars
set ytics ("" 0, "" 1, "" 2, "" 3, "" 4, "" 5)
eval panel(1)
eval named('downtime (s)')
set xrange [0:0.85]; set xtics 0.3
c = 5; colour = blue; room = 0.02; text = '%.2f'
plot @bars
eval panel(2)
eval named('without vTPM (s)')
set xrange [0:80]; set xtics 30
c = 8; colour = orange; room = 2; text = '%.1f'
plot @bars
eval panel(3)
eval named('sent (MB)')
set xrange [0:850]; set xtics 300
c = 11; scale = 1e-6; colour = green; room = 15; text = '%.0f'
plot @bars
# The price: a line for each measure that is part of it, about the middle of the row.
line(word, text, over, what) = strstrt(what, word) > 0 ? sprintf(text, over)."\n" : ''
lines(what) = what eq 'none' ? 1 : words(what) > 0 ? (strstrt(what, 'total time') > 0) + (strstrt(what, 'downtime') > 0) \
    + (strstrt(what, 'time without vTPM') > 0) + (strstrt(what, 'bytes sent') > 0) : 1
cut(text) = strlen(text) > 0 ? text[1:strlen(text)-1] : 'nothing'
price(t, d, u, s, what) = cut(line('total time', '+%.1f s in all', t, what).line('downtime', '+%.2f s of stop', d, what) \
    .line('time without vTPM', '%.1f s without vTPM', u, what).line('bytes sent', '+%.0f MB', s * 1e-6, what))
set lmargin at screen 0.825; set rmargin at screen 0.995
set border 0
unset grid
unset xtics
set xtics ("" 0) scale 0
eval named('over the cheapest')
set xrange [0:1]
plot 'methods-prices.csv' every ::1 using (0.05):($0-0.13*(lines(strcol(6))-1)):(price($2, $3, $4, $5, strcol(6))) with labels left font ',16'
unset multiplot
