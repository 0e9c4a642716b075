# A sequential and a joint migration, step by step, with the vTPM's commands underneath.
set title 'Steps of a migration, and the vTPM commands that its VM makes meanwhile (seed 1)'
set xlabel 'time since the start of the migration (s)'
set xrange [-8:85]
set yrange [0.2:5.9]
unset grid
set grid xtics lc rgb '#dddddd' lw 1
set ytics ("one after\nthe other" 5, "its vTPM\ncommands" 4, "joint\n(CUMP)" 2.5, "its vTPM\ncommands" 1.5) scale 0
set lmargin 14
set key bottom center horizontal samplen 1.2 font ',16' maxrows 2
set style fill solid 0.9 border lc rgb '#ffffff'
step(n) = strcol(3) eq n
bar(y, h) = y
colour(s) = s eq 'pre_migration' ? 0x999999 : s eq 'reservation' ? 0x56B4E9 : s eq 'precopy' ? 0x0072B2 : \
            s eq 'stop_and_copy' ? 0xD55E00 : s eq 'commitment' ? 0xCC79A7 : 0x009E73
plot 'sequential-steps.csv' every ::1 using ($4-10):(5):($4-10):($4-10+$5):(4.7):(5.3):(colour(strcol(3))) with boxxyerror lc rgb variable notitle, \
     'joint-steps.csv' every ::1 using ($4-10):(2.5):($4-10):($4-10+$5):(2.2):(2.8):(colour(strcol(3))) with boxxyerror lc rgb variable notitle, \
     'sequential-commands.csv' every ::1 using ($3-10):(4):($4-$3):(0) with vectors nohead lc rgb (red) lw 4 notitle, \
     '' every ::1 using ($4-10):(strcol(5) eq 'done' ? 4 : NaN) with points pt 7 ps 1.2 lc rgb green notitle, \
     '' every ::1 using ($4-10):(strcol(5) eq 'done' ? NaN : 4) with points pt 2 ps 2 lw 2 lc rgb red notitle, \
     'joint-commands.csv' every ::1 using ($3-10):(1.5):($4-$3):(0) with vectors nohead lc rgb (red) lw 4 notitle, \
     '' every ::1 using ($4-10):(strcol(5) eq 'done' ? 1.5 : NaN) with points pt 7 ps 1.2 lc rgb green notitle, \
     '' every ::1 using ($4-10):(strcol(5) eq 'done' ? NaN : 1.5) with points pt 2 ps 2 lw 2 lc rgb red notitle, \
     NaN with boxes lc rgb 0x999999 title 'pre-migration', NaN with boxes lc rgb 0x56B4E9 title 'reservation', \
     NaN with boxes lc rgb 0x0072B2 title 'pre-copy', NaN with boxes lc rgb 0xD55E00 title 'stop-and-copy', \
     NaN with boxes lc rgb 0x009E73 title 'activation', NaN with points pt 7 lc rgb green title 'command done', \
     NaN with points pt 2 lw 2 lc rgb red title 'command failed', NaN with lines lc rgb red lw 4 title 'waiting'
