# Distribution of latencies: how many commands were no slower than x. Percentiles are read off the right-hand side.
set termoption enhanced
set key noenhanced
set title heading noenhanced font ',24'
set xlabel x_label.' (s)'
set ylabel y_label offset 0.5,0
set logscale x
set format x '10^{%T}'
set yrange [0:1.02]
set key bottom right Left reverse
array colour[8] = [blue, orange, green, red, purple, sky, grey, '#000000']
data = name.'.csv'
plot for [l=1:n_lines] data every ::1 using ($1==l ? $2 : NaN):3 with steps lc rgb colour[l] lw 3 title word(line_names, l)
