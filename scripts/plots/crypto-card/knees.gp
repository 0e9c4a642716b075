# Where each path's 99th percentile has doubled (the knee), and where it ends (the slowest station, named).
eval page
set title "Predicted: the knee, the limit and its station (SM4, 4 KB, Poisson)\nunlimited processors"
set xlabel 'thousand requests per second'
set xrange [0:225]
set xtics 20
set yrange [8.3:-0.7]
set ytics ("host" 0, "ivshmem" 1, "vsock" 2, "sriov" 3, "passthrough" 4, "emulated" 5, "virtio-net" 6) scale 0
set grid noytics xtics lc rgb '#dddddd' lw 1 lt 1
set key at graph 0.99, 0.03 right bottom maxrows 2
plot 'knees.csv' every ::1 using (0):0:(0):($6/1e3):($0-0.32):($0+0.32) with boxxyerror lc rgb '#cccccc' title 'limit: the slowest station is full', \
     '' every ::1 using (0):0:(0):($5/1e3):($0-0.32):($0+0.32) with boxxyerror lc rgb blue title 'knee: the 99th percentile has doubled', \
     '' every ::1 using ($6/1e3+2):0:(sprintf('%s; unloaded: median %.0f us, 99 %% %.0f us', strcol(7), $3*1e6, $4*1e6)) with labels left font ',17' notitle
