# What the paper does not report: downtime, rounds, and how long the running VM has no vTPM. Means and ranges of five seeds.
eval page
set multiplot layout 1,3 title "Predicted: what each method costs the guest (512 MiB VM, 2 MiB vTPM, 100 Mb/s)\nfixed costs of the paper's test bed, unlimited processors"
set yrange [3.6:-0.6]
set ytics ("VM,\nthen vTPM" 0, "vTPM,\nthen VM" 1, "joint\n(CUMP)" 2, "joint,\nconcatenated" 3) scale 0
unset key
set grid noytics xtics lc rgb '#dddddd' lw 1 lt 1
set bmargin 4
set tmargin 3
h = 0.3
bars = "'methods.csv' every ::1 using (0):0:(0):(column(c)):($0-h):($0+h) with boxxyerror lc rgb colour, \
     '' every ::1 using (column(c+1)):0:(column(c+2)-column(c+1)):(0) with vectors heads size screen 0.004,90 lc rgb 'black' lw 1.2, \
     '' every ::1 using (column(c+2)+room):0:(sprintf(text, column(c))) with labels left font ',18'"
set lmargin at screen 0.145; set rmargin at screen 0.4
set xlabel 'downtime of the VM (s)'
set xrange [0:0.4]; set xtics 0.1
c = 5; colour = blue; room = 0.01; text = '%.2f'
plot @bars
set ytics ("" 0, "" 1, "" 2, "" 3)
set lmargin at screen 0.44; set rmargin at screen 0.695
set xlabel 'running VM without its vTPM (s)'
set xrange [0:80]; set xtics 20
c = 8; colour = orange; room = 2; text = '%.1f'
plot @bars
set lmargin at screen 0.735; set rmargin at screen 0.975
set xlabel "live rounds"
set xrange [0:10]; set xtics 2
c = 11; colour = green; room = 0.25; text = '%.1f'
plot @bars
unset multiplot
