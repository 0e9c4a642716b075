# Latency percentiles against the offered load, for all seven paths: median, 99 % and 99.9 %.
eval page
set multiplot layout 1,3 title "Predicted: latency against load (SM4, 4 KB, Poisson; 8 VMs, on host and passthrough one caller)\nunlimited processors"
set logscale y
set format y '%g'
set xlabel 'offered (thousand requests/s)'
set xrange [0:125]
set yrange [10:20000]
set xtics 50
unset key
set bmargin 5.5
paths = "host ivshmem vsock sriov passthrough emulated virtio-net"
colours = "#000000 #0072B2 #E69F00 #009E73 #999999 #D55E00 #CC79A7"
types = "1 6 4 8 2 10 12"
places = "0.05 0.15 0.29 0.41 0.52 0.69 0.84"
title_of(c) = c == 4 ? 'median' : c == 6 ? '99 %' : '99.9 %'
do for [i=1:7] { set label i word(paths, i) at screen real(word(places, i)), screen 0.04 left tc rgb word(colours, i) point pt int(word(types, i)) ps 1.6 lc rgb word(colours, i) lw 2 offset 1,0 }
do for [c in "4 6 7"] {
    k = int(c)
    set title title_of(k)
    if (k == 4) { set ylabel 'latency (us)' } else { unset ylabel }
    plot for [i=1:7] 'load.csv' every ::1 using ($3/1e3):(strcol(1) eq word(paths, i) ? column(k)*1e6 : NaN) with linespoints lw 2 pt int(word(types, i)) ps 1.3 lc rgb word(colours, i)
    unset label
}
unset multiplot
