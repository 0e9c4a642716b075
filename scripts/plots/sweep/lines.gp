# A metric over one parameter, a line for each value of another, 95 % intervals as bands; a point for each row where both
# are stepped together or x comes in no order. Hollow points: not all runs completed; at the axis: none did.
data = name.'.csv'
stats data using ($3 == $3 ? $3 : 1/0) name 'stat' nooutput
if (!exists('stat_records') || stat_records == 0) { stat_min = 0; stat_max = 1 }
marks = has_partly + has_failed + has_empty
named = by_label ne '' && !many
spreads = by_is_number && by_least > 0 && by_most / by_least > 50
wordy = x_is_number ? 0 : 1
if (!exists('x_names')) { x_names = ''; x_names_each = '' }
n_x = x_most + 1
room = 760.0 / n_x
# as many names as have room: those that are hidden need none
skip = up(34 / room)
shown_ems = widest(x_names_each, 1, skip)
turned = wordy && 21.5 * shown_ems > skip * room - 8
eval frame(900, 700, 420, 125 + (turned ? 14 * shown_ems : 0), marks + (named ? n_lines : 0), most(named ? line_names_ems : 4, has_partly ? 18.1 : marks ? 13.2 : 4), named)
if (named) { set label 99 by_label at screen 0.5, screen key_y - 17.0 / total center noenhanced font ',18' }
if (!many) { set rmargin at screen 0.96 }
set xlabel x_label noenhanced
eval y_axis('y_label', 900, (log_y ? 6 : most(4, strlen(sprintf('%.10g', int(stat_max))))))

# x: round steps, no lower than zero where all values are positive
if (wordy) {
    set xrange [-0.5:n_x - 0.5]
    set xtics () noenhanced font ',18'
    if (turned) { set xtics rotate by 35 right }
    do for [i=1:words(x_names)] { if ((i - 1) % skip == 0) { set xtics add (tick(word(x_names, i)) i - 1) } }
} else { if (log_x) {
    set logscale x
    wide_x = (x_most / x_least)**0.03
    set xrange [x_least / wide_x:x_most * wide_x * 1.0001]
    decades = log10(x_most / x_least)
    set xtics () format '%.10g'
    # as many as have room: 1, 2 and 5 of each decade, or every so many decades
    widest = 10 + 19 * strlen(sprintf('%.10g', x_most))
    per_decade = (many ? 500.0 : 680.0) / most(decades, 0.1)
    skip = most(1, up(widest / per_decade))
    do for [d = floor(log10(x_least)):up(log10(x_most)):skip] {
        set xtics add (sprintf(10.0**d < 1e7 && 10.0**d > 1e-5 ? '%.10g' : '%.0e', 10.0**d) 10.0**d)
        if (0.3 * per_decade > widest) { set xtics add (sprintf('%.10g', 2 * 10.0**d) 2 * 10.0**d, sprintf('%.10g', 5 * 10.0**d) 5 * 10.0**d) }
    }
} else {
    span = x_most > x_least ? x_most - x_least : abs(x_most) > 0 ? abs(x_most) : 1
    from = x_least - 0.04 * span
    set xrange [x_least >= 0 && from < 0 ? 0 : from:x_most + 0.04 * span]
    set format x number_format(abs(x_most))
    set xtics step_of(span, 5)
} }

# y: from zero, unless there are negative values
if (log_y) { set logscale y; set format y '%g' } else {
    set format y number_format(stat_max)
    if (stat_min >= 0) { set yrange [0:*]; set offsets 0, 0, graph 0.06, 0 }
    if (stat_min >= 0 && stat_max <= 0 || !(has_whole || has_partly)) { set yrange [0:1] }
}
set y2range [0:1]
# One run has no interval: gnuplot would draw a bar at zero.
interval(low, high) = low <= high

states = "data using ($6==2 ? $2 : NaN):(0.025) axes x1y2 with points pt 6 ps 1.6 lw 2 lc rgb 'black' title (has_failed ? failed_label : ''), \
    data using ($6==3 ? $2 : NaN):(0.025) axes x1y2 with points pt 4 ps 1.4 lw 2 lc rgb 'black' title (has_empty ? empty_label : ''), \
    NaN with points pt 6 ps 1.3 lw 2 lc rgb 'black' title (has_partly ? partly_label : '')"
if (many) {
    eval viridis_lines
    if (log_by || spreads) { set logscale cb }
    eval colour_axis("(by_is_number ? by_label : by_label.', '.order_label)")
    if (joined && n_lines > 1) {
        plot data using 2:3:7 with lines lc palette lw 1.5 notitle, \
             data using ($6==1 ? $2 : NaN):3:7 with points lc palette pt 6 ps 0.9 lw 2 notitle, @states
    } else {
        plot data using (interval($4, $5) ? $2 : NaN):3:4:5 with yerrorbars lc rgb grey pt 0 lw 1 notitle, \
             data using ($6==0 ? $2 : NaN):3:7 with points lc palette pt 7 ps 0.9 notitle, \
             data using ($6==1 ? $2 : NaN):3:7 with points lc palette pt 6 ps 1.1 lw 2 notitle, @states
    }
} else { if (x_is_number && joined) {
    plot for [l=1:n_lines] data using ($1==l ? $2 : NaN):4:5 with filledcurves lc rgb colour_of(l) fs transparent solid 0.2 noborder notitle, \
         for [l=1:n_lines] data using ($1==l ? $2 : NaN):3 with lines lc rgb colour_of(l) dt dashes(l) lw width_of(l, n_lines) notitle, \
         for [l=1:n_lines] data using ($1==l && $6==0 ? $2 : NaN):3 with points lc rgb colour_of(l) pt filled(l) ps 0.8 notitle, \
         for [l=1:n_lines] data using ($1==l && $6==1 ? $2 : NaN):3 with points lc rgb '#ffffff' pt filled(l) ps 1.2 notitle, \
         for [l=1:n_lines] data using ($1==l && $6==1 ? $2 : NaN):3 with points lc rgb colour_of(l) pt hollow(l) ps 1.3 lw 2 notitle, \
         for [l=1:n_lines] NaN with linespoints lc rgb colour_of(l) dt dashes(l) pt filled(l) ps 0.8 lw 2 title (named ? word(line_names, l) : ''), @states
} else {
    shift(l) = wordy ? (l - (n_lines + 1) / 2.0) * least(0.08, 0.8 / n_lines) : 0
    plot for [l=1:n_lines] data using ($1==l && interval($4, $5) ? $2+shift(l) : NaN):3:4:5 with yerrorbars lc rgb colour_of(l) pt 0 lw 2 notitle, \
         for [l=1:n_lines] data using ($1==l && $6==0 ? $2+shift(l) : NaN):3 with points lc rgb colour_of(l) pt filled(l) ps 0.9 notitle, \
         for [l=1:n_lines] data using ($1==l && $6==1 ? $2+shift(l) : NaN):3 with points lc rgb '#ffffff' pt filled(l) ps 1.2 notitle, \
         for [l=1:n_lines] data using ($1==l && $6==1 ? $2+shift(l) : NaN):3 with points lc rgb colour_of(l) pt hollow(l) ps 1.3 lw 2 notitle, \
         for [l=1:n_lines] NaN with points lc rgb colour_of(l) pt filled(l) ps 0.9 title (named ? word(line_names, l) : ''), @states
} }
