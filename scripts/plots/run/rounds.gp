# Pages that each round of pre-copy sent, a line per migration; logarithmic, because rounds shrink by a factor.
set termoption enhanced
set key noenhanced
set title heading noenhanced font ',24'
set xlabel x_label noenhanced
set ylabel y_label noenhanced
set logscale y
set yrange [0.7:*]
set xrange [0.7:*]
set format y '10^{%T}'
set xtics 1
set key top right Left reverse
array colour[8] = [blue, orange, green, red, purple, sky, grey, '#000000']
array point[8] = [7, 5, 9, 11, 13, 15, 4, 6]
data = name.'.csv'
stats data every ::1 using 2 name 'r' nooutput
if (r_max > 12) { set xtics autofreq }
plot for [l=1:n_lines] data every ::1 using ($1==l ? $2 : NaN):($3 > 0 ? $3 : NaN) with linespoints lc rgb colour[l] pt point[l] ps 0.8 lw 2 title word(line_names, l)
