# Section 3.3: one service thread, a thread per VM and an emulator per VM, when the host has 2, 4 or 8 processors.
eval page
set multiplot layout 1,3 title 'Predicted: the sum over VMs on hosts with few processors, which run software and guests (SM4, 4 KB)'
set xlabel 'VMs'
set logscale x 2
set xrange [0.9:36]
set xtics (1, 2, 4, 8, 16, 32)
set yrange [0:130]
set bmargin 5.5
unset key
paths = "ivshmem ivshmem-per-vm emulated"
texts = "'ivshmem' 'ivshmem, a thread per VM' 'emulated'"
places = "0.03 0.18 0.46"
colours = "#0072B2 #E69F00 #D55E00"
types = "6 4 10"
do for [i=1:3] { set label i word(texts, i) at screen real(word(places, i)), screen 0.04 left tc rgb word(colours, i) point pt int(word(types, i)) ps 1.6 lc rgb word(colours, i) lw 2 offset 1,0 }
set label 4 'dashed: guests run elsewhere' at screen 0.97, screen 0.04 right
rate(i, n, guests) = strcol(1) eq word(paths, i) && $2 == n && strcol(3) eq guests ? $5/1e3 : NaN
do for [n in "2 4 8"] {
    set title n.' processors' font ',20'
    if (n eq "2") { set ylabel 'thousand requests per second' } else { unset ylabel }
    plot for [i=1:3] 'processors.csv' every ::1 using 4:(rate(i, int(n), 'no')) with lines dt 2 lw 1 lc rgb word(colours, i), \
         for [i=1:3] '' every ::1 using 4:(rate(i, int(n), 'yes')) with linespoints lw 2 pt int(word(types, i)) ps 1.3 lc rgb word(colours, i)
    do for [k=1:4] { unset label k }
}
unset multiplot
