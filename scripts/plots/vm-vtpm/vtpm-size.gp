# Joint and concatenated migration against one after the other; means and ranges of three seeds.
set multiplot layout 1,2 title "Predicted: the joint method against the vTPM domain's size (512 MiB VM, 100 Mb/s)"
set xlabel 'vTPM domain memory (MiB)'
set logscale x 2; set xtics (2, 8, 32, 64, 128)
set key top left
set ylabel 'total time (s)'
set yrange [0:*]
is(m) = strcol(2) eq m
plot 'vtpm-size.csv' every ::1 using 1:(is('vm-then-vtpm') ? $3 : NaN):4:5 with yerrorbars ls 1 title 'one after the other', \
     '' every ::1 using 1:(is('joint') ? $3 : NaN):4:5 with yerrorbars ls 2 title 'joint (CUMP)', \
     '' every ::1 using 1:(is('concatenated') ? $3 : NaN):4:5 with yerrorbars ls 3 title 'concatenated'
set ylabel 'total over one after the other (%)'
set yrange [-6:*]
set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead lc rgb '#444444' lw 1
base = 1
plot 'vtpm-size.csv' every ::1 using 1:(is('vm-then-vtpm') ? (base = $3, NaN) : is('joint') ? ($3/base-1)*100 : NaN) with points ls 2 title 'joint (CUMP)', \
     '' every ::1 using 1:(is('vm-then-vtpm') ? (base = $3, NaN) : is('concatenated') ? ($3/base-1)*100 : NaN) with points ls 3 title 'concatenated'
unset multiplot
