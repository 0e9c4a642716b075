# A sequential and a joint migration, step by step, and underneath when the VM has a vTPM to call, and its commands.
eval page
stats 'sequential-steps.csv' every ::1 using 4 nooutput name 'steps'
begin = steps_min
# when a domain first runs at the destination, and when a leg's VM was stopped
runs(run, domain) = real(system(sprintf("awk -F, -v d=%s '$2 == d && h == \"\" {h = $3} $2 == d && $3 != h && $4 == \"running\" {print $1; exit}' %s-states.csv", domain, run)))
stops(run) = real(system(sprintf("awk -F, '$3 == \"stop_and_copy\" {print $4; exit}' %s-steps.csv", run)))
vm_runs = runs('sequential', 'mig-vm1')-begin
vtpm_runs = runs('sequential', 'mig-vm1-vtpm')-begin
set title "Steps of a migration, and the VM's vTPM commands meanwhile (table 4, seed 1)\nfixed costs of the paper's test bed, unlimited processors"
set xlabel 'time since the start of the migration (s)'
set xrange [-8:90]
set yrange [0.7:7.6]
unset grid
set grid xtics lc rgb '#dddddd' lw 1 lt 1
set ytics ("one after\nthe other" 6.1, "vTPM service" 4.9, "joint\n(CUMP)" 2.6, "vTPM service" 1.4) scale 0
set lmargin at screen 0.155
set tmargin 3.5
set bmargin at screen 0.34
set key at screen 0.54, screen 0.09 center horizontal maxcols 4 samplen 1 width 0
set style fill solid 1 border lc rgb '#ffffff'
colour(s) = s eq 'pre_migration' ? 0x999999 : s eq 'reservation' ? 0x56B4E9 : s eq 'precopy' ? 0x0072B2 : \
            s eq 'stop_and_copy' ? 0xD55E00 : s eq 'commitment' ? 0xCC79A7 : 0xE69F00
set label 1 sprintf("no vTPM for %.1f s", vtpm_runs-vm_runs) at (vm_runs+vtpm_runs)/2, 4.3 center font ',18' tc rgb red
do for [run in "sequential joint"] {
    y = run eq 'joint' ? 2.6 : 6.1
    stop = stops(run)-begin
    set arrow from stop, y+0.75 to stop, y+0.38 size screen 0.006,20 lc rgb 'black' lw 1
    set label sprintf("VM stopped for %.2f s", runs(run, 'mig-vm1')-begin-stop) at stop, y+0.95 center font ',18'
}
plot 'sequential-steps.csv' every ::1 using ($4-begin):(6.1):($4-begin):($4-begin+$5):(5.75):(6.45):(colour(strcol(3))) with boxxyerror lc rgb variable notitle, \
     'joint-steps.csv' every ::1 using ($4-begin):(2.6):($4-begin):($4-begin+$5):(2.25):(2.95):(colour(strcol(3))) with boxxyerror lc rgb variable notitle, \
     '+' using (-8):(4.9):(8+vm_runs):(0) every ::0::0 with vectors nohead lc rgb green lw 2 notitle, \
     '+' using (vm_runs):(4.9):(vtpm_runs-vm_runs):(0) every ::0::0 with vectors nohead lc rgb red lw 2 dt 3 notitle, \
     '+' using (vtpm_runs):(4.9):(90-vtpm_runs):(0) every ::0::0 with vectors nohead lc rgb green lw 2 notitle, \
     '+' using (-8):(1.4):(98):(0) every ::0::0 with vectors nohead lc rgb green lw 2 notitle, \
     'sequential-commands.csv' every ::1 using ($4-begin):(strcol(5) eq 'done' ? 4.9 : NaN) with points pt 7 ps 0.65 lc rgb green notitle, \
     '' every ::1 using ($4-begin):(strcol(5) eq 'done' ? NaN : 4.9) with points pt 2 ps 1.2 lw 2.5 lc rgb red notitle, \
     'joint-commands.csv' every ::1 using ($4-begin):(strcol(5) eq 'done' ? 1.4 : NaN) with points pt 7 ps 0.65 lc rgb green notitle, \
     '' every ::1 using ($4-begin):(strcol(5) eq 'done' ? NaN : 1.4) with points pt 2 ps 1.2 lw 2.5 lc rgb red notitle, \
     NaN with boxes lc rgb 0x999999 title 'pre-migration', NaN with boxes lc rgb 0x56B4E9 title 'reservation', \
     NaN with boxes lc rgb 0x0072B2 title 'pre-copy', NaN with boxes lc rgb 0xD55E00 title 'stop-and-copy', \
     NaN with boxes lc rgb 0xCC79A7 title 'commitment', NaN with boxes lc rgb 0xE69F00 title 'activation', \
     NaN with points pt 7 ps 0.65 lc rgb green title 'command done', \
     NaN with points pt 2 ps 1.2 lw 2.5 lc rgb red title 'command failed'
