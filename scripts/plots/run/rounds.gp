# Pages that each round sent, a line per migration; logarithmic, because rounds shrink by a factor, with a place for none at
# the bottom. Rings mark the round with the guest stopped, squares post-copy's; points of a migration that did not complete
# are hollow.
data = name.'.csv'
stats data using 2 name 'r' nooutput
keys = (many ? has_failed : n_lines) + has_stop + has_pull
eval frame(900, 700, 420, 125, keys, most(many ? 0 : line_names_ems, has_failed ? 13.2 : 10.7), 0)
set xlabel x_label noenhanced
eval y_axis('y_label', 900, 3.4)
set logscale y
set format y '10^{%T}'
lowest = has_none ? 0.18 : 0.7
set yrange [lowest:*]
if (has_none) { set ytics add ('0' 0.25) }
set xrange [0.7:r_max + 0.3 + 0.01 * r_max]
set xtics 0, step_of(most(r_max, 8), 8)
pages(n) = n > 0 ? n : 0.25
rings = "data using (strcol(4) eq 'stop-and-copy' ? $2 : NaN):(pages($3)) with points lc rgb '#444444' pt 6 ps 1.8 lw 1.2 title (has_stop ? stop_label : ''), \
    data using (strcol(4) eq 'pull' ? $2 : NaN):(pages($3)) with points lc rgb '#444444' pt 4 ps 1.8 lw 1.2 title (has_pull ? pull_label : '')"
if (many) {
    eval viridis_lines
    set cbrange [1:n_lines]
    eval colour_axis('line_label')
    plot data using 2:(pages($3)):1 with lines lc palette lw 1 notitle, @rings, \
         data using ($5 > 0 ? $2 : NaN):(pages($3)) with points lc rgb 'black' pt 6 ps 0.7 lw 1 title (has_failed ? failed_label : '')
} else {
    plot for [l=1:n_lines] data using ($1==l ? $2 : NaN):(pages($3)) with linespoints lc rgb colour_of(l) dt dashes(l) \
             pt (int(word(line_failed, l)) ? hollow(l) : filled(l)) ps (int(word(line_failed, l)) ? 1.1 : 0.8) lw width_of(l, n_lines) title word(line_names, l), @rings
}
