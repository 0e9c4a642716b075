# A VM and its vTPM moved jointly: CUMP under Xen's rules, swtpm's state under QEMU's, and post-copy. The data are
# `tandem run scenarios/examples/vtpm-mechanisms.json --out FOLDER/vtpm-mechanisms`.
eval page
set multiplot layout 1,2 title "A VM with its vTPM, jointly (512 MiB, 100 Mb/s, 510 writes/s to 64 MiB)\nno fixed costs, unlimited processors"
at(name) = name eq 'cump' ? 0 : name eq 'qemu' ? 1 : 2
set style fill solid 0.85 border lc rgb '#444444'
set boxwidth 0.6
set xrange [-0.6:2.6]
set xtics ("CUMP\n(Xen)" 0, "QEMU\npre-copy" 1, "QEMU\npost-copy" 2)
set bmargin 4
set tmargin 3.5
set ylabel 'time by phase (s)'
set yrange [0:90]
set key at graph 0.97, graph 0.97 right top vertical samplen 1
plot 'steps.csv' every ::1 using (at(strcol(1))-0.2):(strcol(3) eq 'precopy' ? $5 : 1/0):(0.2) with boxes lc rgb blue title 'pre-copy', \
     '' every ::1 using (at(strcol(1))):(strcol(3) eq 'stop_and_copy' ? $5 : 1/0):(0.2) with boxes lc rgb red title 'stop-and-copy', \
     '' every ::1 using (at(strcol(1))+0.2):(strcol(3) eq 'pull' ? $5 : 1/0):(0.2) with boxes lc rgb green title 'post-copy'
set ylabel 'guest and vTPM stopped (ms)'
unset key
set yrange [0:420]
plot 'steps.csv' every ::1 using (at(strcol(1))):(strcol(3) eq 'stop_and_copy' ? $5*1000 : 1/0) with boxes lc rgb red, \
     '' every ::1 using (at(strcol(1))):(strcol(3) eq 'stop_and_copy' ? $5*1000+12 : 1/0):(sprintf('%.0f', $5*1000)) with labels offset 0,0.5
unset multiplot
