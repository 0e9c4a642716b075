# How many VMs a card serves within a millisecond, each with 2,000 requests per second.
eval column
set title "Predicted: VMs on a card, 2,000/s each\nunlimited processors"
set xlabel 'VMs (SM4, 4 KB, Poisson)'
set ylabel '99th percentile of the latency (us)'
set logscale y
set xrange [0:64]
set yrange [20:100000]
set format y '%g'
set key top left samplen 2
set rmargin 2
set arrow from 0, 1000 to 64, 1000 nohead lc rgb '#444444' dt 2 lw 1
set label '1 ms' at 1, 1350 left font ',18'
paths = "ivshmem vsock sriov emulated virtio-net"
colours = "#0072B2 #E69F00 #009E73 #D55E00 #CC79A7"
types = "6 4 8 10 12"
plot for [i=1:5] 'crowd.csv' every ::1 using 2:(strcol(1) eq word(paths, i) ? $5*1e6 : NaN) with linespoints lw 2 pt int(word(types, i)) ps 1.4 lc rgb word(colours, i) title word(paths, i)
