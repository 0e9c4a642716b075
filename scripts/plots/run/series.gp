# A quantity over the time of the run, a line per name. With log_y, for loads that differ by powers of ten, times at which
# nothing went through are gaps.
data = name.'.csv'
stats data using 2 name 't' nooutput
stats data using 3 name 'v' nooutput
eval frame(900, 700, 440, 125, many ? 0 : n_lines, line_names_ems, 0)
set xlabel x_label.' (s)' noenhanced
eval y_axis('y_label', 900, (log_y ? 3.4 : most(4, strlen(sprintf('%.10g', int(v_max))))))
if (log_y) {
    set logscale y
    set format y '10^{%T}'
} else {
    set yrange [0:*]
    set format y '%.10g'
}
shown(y) = (log_y && y <= 0 ? NaN : y)
set xrange [0:t_max > 0 ? t_max * 1.02 : 1]
set xtics step_of(t_max > 0 ? t_max : 1, 6)
if (many) {
    eval viridis_lines
    set cbrange [1:n_lines]
    eval colour_axis('line_label')
    plot data using 2:(shown($3)):1 with lines lc palette lw 1 notitle
} else {
    plot for [l=1:n_lines] data using ($1==l ? $2 : NaN):(shown($3)) with steps lc rgb colour_of(l) dt dashes(l) lw width_of(l, n_lines) title word(line_names, l)
}
