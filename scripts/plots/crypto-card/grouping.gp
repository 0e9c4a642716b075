# The authors' future work: the service thread takes up to 16 waiting small requests as one packet.
eval column
set title "Predicted: grouping small packets (16 VMs, SM4)\nunlimited processors"
set xlabel 'size of a request (B), over ivshmem'
set ylabel 'thousand requests per second'
set logscale x 2
set xrange [52:20000]
set xtics (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384) font ',17'
set yrange [0:900]
set key top right
plot 'grouping.csv' every ::1 using 1:($3/1e3) with linespoints ls 1 title 'up to 16 as one packet', \
     '' every ::1 using 1:($2/1e3) with linespoints ls 2 title 'one by one'
