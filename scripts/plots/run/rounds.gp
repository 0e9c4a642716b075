# Pages that each round sent, a line per migration; logarithmic, because rounds shrink by a factor. Rings mark the round
# with the guest stopped, and post-copy's pull: the lecture's three phases. A round without a page has no point.
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
if (n_lines <= 3) { set key outside top center horizontal maxcols 2 samplen 1.5 font ',18' } # flat lines would run through it
array colour[8] = [blue, orange, green, red, purple, sky, grey, '#000000']
array point[8] = [7, 5, 9, 11, 13, 15, 4, 6]
data = name.'.csv'
stats data every ::1 using 2 name 'r' nooutput
if (r_max > 12) { set xtics autofreq }
plot for [l=1:n_lines] data every ::1 using ($1==l ? $2 : NaN):($3 > 0 ? $3 : NaN) with linespoints lc rgb colour[l] pt point[l] ps 0.8 lw 2 title word(line_names, l), \
     data every ::1 using (strcol(4) eq 'stop-and-copy' ? $2 : NaN):($3 > 0 ? $3 : NaN) with points lc rgb '#444444' pt 6 ps 1.8 lw 1.2 title stop_label, \
     data every ::1 using (strcol(4) eq 'pull' ? $2 : NaN):($3 > 0 ? $3 : NaN) with points lc rgb '#444444' pt 4 ps 1.8 lw 1.2 title (has_pull ? pull_label : '')
