# A quantity over the time of the run, a line per name. With log_y, for loads that differ by powers of ten, times at which
# nothing went through are gaps.
set termoption enhanced
set key noenhanced outside bottom center horizontal
set title heading noenhanced font ',24'
set xlabel x_label.' (s)' noenhanced
set ylabel y_label noenhanced
if (log_y) {
    set logscale y
    set format y '10^{%T}'
} else {
    set yrange [0:*]
}
array colour[8] = [blue, orange, green, red, purple, sky, grey, '#000000']
shown(y) = (log_y && y <= 0 ? NaN : y)
data = name.'.csv'
plot for [l=1:n_lines] data every ::1 using ($1==l ? $2 : NaN):(shown($3)) with steps lc rgb colour[l] lw 2 title word(line_names, l)
