# Section 3.3 when the VMs compute themselves for each request, on the processors that also run the service threads.
eval page
set multiplot layout 1,2 title 'Predicted: 16 VMs that also compute, on one host (SM4, 4 KB)'
set xlabel "a VM's own work for each request (us)"
set xrange [-3:103]
set yrange [0:130]
set key bottom left samplen 2
paths = "ivshmem ivshmem-per-vm emulated"
texts = "'ivshmem' 'ivshmem, a thread per VM' 'emulated'"
colours = "#0072B2 #E69F00 #D55E00"
types = "6 4 10"
do for [n in "4 8"] {
    set title n.' processors' font ',20'
    if (n eq "4") { set ylabel 'thousand requests per second' } else { unset ylabel; unset key }
    plot for [i=1:3] 'own-work.csv' every ::1 using 4:(strcol(1) eq word(paths, i) && $2 == int(n) ? $5/1e3 : NaN) with linespoints lw 2 pt int(word(types, i)) ps 1.3 lc rgb word(colours, i) title word(texts, i)
}
unset multiplot
