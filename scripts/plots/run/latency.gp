# Distribution of latencies: how many commands were no slower than x. Percentiles are read off the right-hand side.
eval frame(900, 700, 440, 125, many ? 0 : n_lines, line_names_ems, 0)
set xlabel x_label.' (s)' noenhanced
eval y_axis('y_label', 900, 3)
set logscale x
set format x '10^{%T}'
set yrange [0:1.02]
data = name.'.csv'
if (many) {
    eval viridis_lines
    set cbrange [1:n_lines]
    eval colour_axis('line_label')
    plot data using 2:3:1 with lines lc palette lw 1 notitle
} else {
    plot for [l=1:n_lines] data using ($1==l ? $2 : NaN):3 with steps lc rgb colour_of(l) dt dashes(l) lw 1 + width_of(l, n_lines) title word(line_names, l)
}
