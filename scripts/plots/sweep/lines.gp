# A metric over one parameter, a line for each value of another, 95 % intervals as bands.
set key noenhanced
set title heading noenhanced font ',18'
set xlabel x_label noenhanced
set ylabel y_label noenhanced
if (log_x) { set logscale x }
if (log_y) { set logscale y; set format y '%g' } else { set yrange [0:*] }
set offsets graph 0.03, graph 0.03, graph 0.12, 0
if (!x_is_number) { unset mxtics }
array colour[8] = [blue, orange, green, red, purple, sky, grey, '#000000']
array point[8] = [7, 5, 9, 11, 13, 15, 4, 6]
if (by_label ne '') {
    set key outside right center Left reverse title by_label font ',18' samplen 1.5 spacing 1.2
    if (strlen(by_label) > 18) { set key top center outside horizontal }
} else { unset key }
line_name(l) = by_label eq '' ? '' : word(line_names, l)
data = name.'.csv'
if (x_is_number) {
    plot for [l=1:n_lines] data every ::1 using 1:3*l+1:3*l+2 with filledcurves lc rgb colour[l] fs transparent solid 0.2 noborder notitle, \
         for [l=1:n_lines] data every ::1 using 1:3*l with linespoints lc rgb colour[l] pt point[l] ps 0.8 lw 2 title line_name(l)
} else {
    shift(l) = (l - (n_lines + 1) / 2.0) * 0.08
    set xrange [-0.5:n_x-0.5]
    plot data every ::1 using 1:3:xticlabels(2) with points ps 0 notitle, \
         for [l=1:n_lines] data every ::1 using ($1+shift(l)):3*l:3*l+1:3*l+2 with yerrorbars lc rgb colour[l] pt point[l] ps 0.9 lw 2 title line_name(l)
}
