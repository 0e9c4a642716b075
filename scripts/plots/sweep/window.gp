# A maintenance window: the share of runs in time, how long the evacuation took, and the 95th percentile of the downtimes,
# one above the other over the same values, a colour for each line. Hollow points: not every run emptied the host.
data = name.'.csv'
panel = 230
gap = 34
named = n_lines > 1
turned = 21.5 * x_names_ems > 700.0 / n_x - 8
eval frame(900, 700, 3 * panel + 2 * gap, 125 + (turned ? 14 * x_names_ems : 0), named ? n_lines : 0, line_names_ems, named)
stats data using 8 name 'd' nooutput
stats data using 11 name 's' nooutput
if (!exists('d_max') || !(d_max == d_max) || d_max < window) { d_max = window }
if (!exists('s_max') || !(s_max > 0)) { s_max = 1 }
set lmargin at screen 150.0 / 900
set rmargin at screen 0.96
set xrange [-0.5:n_x - 0.5]
shift(l) = (l - (n_lines + 1) / 2.0) * least(0.1, 0.7 / n_lines)
top(p) = 1 - (above + (p - 1) * (panel + gap)) / (1.0 * total)
bottom(p) = top(p) - panel / (1.0 * total)
place(p) = sprintf('set tmargin at screen %.5f; set bmargin at screen %.5f', top(p), bottom(p))
# the panel's name at the picture's edge
side(text) = "set label 98 ".text." at screen 26.0 / 900, graph 0.5 center rotate by 90 noenhanced front font fit(".text.", panel)"
set multiplot
set xtics () scale 0.5
do for [i=1:n_x] { set xtics add ('' i - 1) }

eval place(1)
eval side('share_label')
if (named) { set label 99 by_label at screen 0.5, screen key_y - 17.0 / total center noenhanced font ',18' }
set yrange [0:1.04]
set ytics 0, 0.25, 1
set format y '%.10g'
plot for [l=1:n_lines] data using ($1==l ? $2+shift(l) : NaN):3:4:5 with yerrorbars lc rgb colour_of(l) pt 0 lw 2 notitle, \
     for [l=1:n_lines] data using ($1==l ? $2+shift(l) : NaN):3 with lines lc rgb colour_of(l) lw 1 dt 2 notitle, \
     for [l=1:n_lines] data using ($1==l ? $2+shift(l) : NaN):3 with points lc rgb colour_of(l) pt filled(l) ps 0.9 notitle, \
     for [l=1:n_lines] NaN with linespoints lc rgb colour_of(l) pt filled(l) ps 0.9 title (named ? word(line_names, l) : '')
unset key
do for [i=1:words(title_lines)] { unset label 100+i }
unset label 99

eval place(2)
eval side('duration_label')
set yrange [0:1.06 * d_max]
set ytics step_of(d_max, 4)
set format y number_format(d_max)
set arrow 1 from graph 0, first window to graph 1, first window nohead lw 2 dt 3 lc rgb '#444444'
set label 97 window_label at graph 0.01, first window offset character 0, 0.6 noenhanced font ',16' tc rgb '#444444'
set y2range [0:1]
plot for [l=1:n_lines] data using ($1==l ? $2+shift(l) : NaN):6:7:8 with yerrorbars lc rgb colour_of(l) pt 0 lw 2 notitle, \
     for [l=1:n_lines] data using ($1==l && $12==0 ? $2+shift(l) : NaN):6 with points lc rgb colour_of(l) pt filled(l) ps 0.9 notitle, \
     for [l=1:n_lines] data using ($1==l && $12==1 ? $2+shift(l) : NaN):6 with points lc rgb '#ffffff' pt filled(l) ps 1.2 notitle, \
     for [l=1:n_lines] data using ($1==l && $12==1 ? $2+shift(l) : NaN):6 with points lc rgb colour_of(l) pt hollow(l) ps 1.2 lw 2 notitle, \
     for [l=1:n_lines] data using ($1==l && $12==2 ? $2+shift(l) : NaN):(0.04) axes x1y2 with points lc rgb colour_of(l) pt 6 ps 1.2 lw 2 notitle
unset arrow 1
unset label 97

eval place(3)
eval side('downtime_label')
set yrange [0:1.06 * s_max]
set ytics step_of(s_max, 4)
set format y number_format(s_max)
set xlabel x_label noenhanced
set xtics () noenhanced font ',18'
if (turned) { set xtics rotate by 35 right }
do for [i=1:n_x] { set xtics add (tick(word(x_names, i)) i - 1) }
plot for [l=1:n_lines] data using ($1==l ? $2+shift(l) : NaN):9:10:11 with yerrorbars lc rgb colour_of(l) pt 0 lw 2 notitle, \
     for [l=1:n_lines] data using ($1==l ? $2+shift(l) : NaN):9 with points lc rgb colour_of(l) pt filled(l) ps 0.9 notitle
unset multiplot
