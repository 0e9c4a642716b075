# Things by state over time, one band upon the other: how many are in each.
data = name.'.csv'
stats data using 3 name 't' nooutput
stats data using 5 name 'v' nooutput
eval frame(900, 700, 440, 125, n_states, state_names_ems, 0)
set xlabel x_label.' (s)' noenhanced
eval y_axis('y_label', 900, most(4, strlen(sprintf('%.10g', int(v_max)))))
set format y number_format(v_max)
set yrange [0:most(1, v_max) * 1.04]
set ytics most(1, step_of(v_max, 5))
set xrange [0:t_max]
set xtics step_of(t_max, 5)
state_colour(s) = word('#0072B2 #D55E00 #cccccc #000000', s)
plot for [s=1:4] data using ($1==s ? ($2+$3)/2 : NaN):(($4+$5)/2):2:3:4:5 with boxxyerror fs solid 0.85 noborder lc rgb state_colour(s) notitle, \
     for [s=1:4] NaN with boxes fs solid 0.85 noborder lc rgb state_colour(s) title (int(word(state_used, s)) ? word(state_names, s) : '')
