# When a kernel sent again what TCP had no answer to, against predictions from its settings alone; on the right, until
# the client had its answer.
eval page
data = 'validation-tcp.csv'
set multiplot layout 1,2 title "TCP's timers, against predictions (band: ±5 %)"
set logscale xy
set style fill transparent solid 0.55 noborder
# least and most of the two columns in the rows of steps, or of answers
range(steps) = sprintf("least = 1e300; most = 0; set xrange [*:*]; set yrange [*:*]; stats data every ::1 using \
  (($4 > 0) == %d && strlen(strcol(6)) > 0 ? (low = $5 < $6 ? $5 : $6, high = $5 > $6 ? $5 : $6, least = low < least ? low : least, \
  most = high > most ? high : most, 1) : 1/0) nooutput; \
  least = most > 0 ? 0.6*least : 0.1; most = most > 0 ? 1.6*most : 10; \
  set xrange [least:most]; set yrange [least:most]", steps)
of(steps, sent) = sprintf("data every ::1 using (($4 > 0) == %d && strcol(2) eq '%s' ? $5 : 1/0):6 with points", steps, sent)
panel(steps) = "plot '+' using 1:($1*0.95):($1*1.05) with filledcurves lc rgb grey notitle, x lc rgb '#444444' lw 1 notitle, " \
  .of(steps, 'segment')." ls 1 title 'segment', ".of(steps, 'syn')." ls 2 title 'SYN'"
eval range(1)
set xlabel 'sent again, measured (s)'
set ylabel 'predicted (s)'
eval panel(1)
set key off
eval range(0)
set xlabel 'answered, measured (s)'
eval panel(0)
unset multiplot
