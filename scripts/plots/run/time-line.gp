# The steps of each migration over time, a row each. The key has the steps that there were. Bars of a migration that did not
# complete are hollow and end in a cross; one that was refused at once is a cross alone. Above sixty rows have no names.
data = name.'.csv'
stats data using 4 name 't' nooutput
stats data using 3 name 'b' nooutput
names_small = n_rows > 12
pitch = n_rows > 60 ? 1500.0 / n_rows : names_small ? 27 : 56
left = n_rows > 60 ? 120.0 : 50 + (names_small ? 21.5 : 29.3) * row_names_ems
wide = most(900, left + 650)
eval frame(wide, wide - left - 40, most(220, n_rows * pitch), 125, n_steps + has_failed, most(line_names_ems, has_failed ? 13.2 : 7), 0)
set lmargin at screen left / wide
set rmargin at screen 1 - 40.0 / wide
set xlabel x_label.' (s)' noenhanced
if (n_rows > 60) { eval y_axis('row_label', wide, 3.5) }
unset grid
set grid xtics lc rgb '#dddddd' lw 1
set ytics noenhanced
row_font = names_small ? ',16' : ',22'
if (n_rows <= 60) { set ytics () scale 0 font row_font noenhanced }
set yrange [n_rows+0.6:0.4]
span = t_max > b_min ? t_max - b_min : 1
set xrange [most(0, b_min - 0.03 * span):t_max + 0.03 * span]
# Dates late in a long run have many digits: as many ticks as have room for theirs.
tick_room = (most(1, ceil(log10(most(1, t_max)))) + 1.5) * 18
step_that_fits(n) = n <= 1 || span / step_of(span, n) <= (wide - left - 40) / tick_room ? step_of(span, n) : step_that_fits(n - 1)
set xtics step_that_fits(6)
step_colour(s) = word('#999999 #56B4E9 #0072B2 #D55E00 #CC79A7 #E69F00 #009E73', s)
set style fill solid 0.9 noborder
half = n_rows > 60 ? 0.4 : 0.28
if (n_rows <= 60) { do for [r=1:n_rows] { set ytics add (tick(word(row_names, r)) r) } }
plot for [s=1:7] data using ($2==s && $5==0 ? $3 : NaN):1:3:4:($1-half):($1+half) with boxxyerror fs solid 0.9 noborder lc rgb step_colour(s) notitle, \
     for [s=1:7] data using ($2==s && $5==1 ? $3 : NaN):1:3:4:($1-half):($1+half) with boxxyerror lc rgb step_colour(s) lw 2 fs empty border lc rgb step_colour(s) notitle, \
     data using ($2==8 ? $4 : NaN):1 with points pt 2 ps (n_rows > 60 ? 0.5 : 1.4) lw 2 lc rgb 'black' notitle, \
     for [s=1:7] NaN with boxes fs solid 0.9 noborder lc rgb step_colour(s) title (int(word(step_used, s)) ? word(line_names, s) : ''), \
     NaN with points pt 2 ps 1.4 lw 2 lc rgb 'black' title (has_failed ? failed_label : '')
