# Response times of an application over time: median, 99th percentile and worst of each bin, with the steps of the run's
# migrations as bands behind them. A bin in which nobody was answered is a gap.
data = name.'.csv'
stats data using ($1 <= 3 ? $2 : NaN) name 't' nooutput
stats data using ($1 <= 3 && $3 > 0 ? $3 : NaN) name 'v' nooutput
eval frame(900, 700, 440, 125, 3 + n_steps, line_names_ems, 0)
set xlabel x_label.' (s)' noenhanced
eval y_axis('y_label."  (s)"', 900, 3.4)
set logscale y
set format y '10^{%T}'
low = 10.0**floor(log10(v_min))
high = 10.0**most(ceil(log10(v_max)), floor(log10(v_min)) + 1)
set yrange [low:high]
set xrange [0:t_max > 0 ? t_max * 1.02 : 1]
set xtics step_of(t_max > 0 ? t_max : 1, 6)
step_colour(s) = word('#999999 #56B4E9 #0072B2 #D55E00 #CC79A7 #E69F00 #009E73', s)
line_colour(l) = word('#000000 #0072B2 #D55E00', l)
dash_of(l) = l == 3 ? 2 : 1
plot for [s=1:7] data using ($1==3+s ? $2 : NaN):(low):2:4:(low):(high) with boxxyerror fs solid 0.3 noborder lc rgb step_colour(s) notitle, \
     for [l=1:3] data using ($1==l ? $2 : NaN):3 with steps lc rgb line_colour(l) lw (l == 1 ? 3 : 2) dt dash_of(l) title word(line_names, l), \
     for [s=1:7] NaN with boxes fs solid 0.3 noborder lc rgb step_colour(s) title (int(word(step_used, s)) ? word(line_names, 3 + s) : '')
