# Measured ways to share a crypto service against their predictions from what each stage costs alone. Disturbed cases are
# grey: they are in no summary.
eval page
data = 'validation-cards.csv'
place(design) = design eq 'slots' ? 1 : design eq 'threads' ? 2 : design eq 'stream' ? 3 : 4
designs = ''
disturbed = 0
stats data every ::1 using (strcol(7) eq '1' ? (disturbed = 1) \
  : strstrt(designs.' ', ' '.strcol(2).' ') ? 0 : (designs = designs.' '.strcol(2), 1)) nooutput
colours = blue.' '.orange.' '.green.' '.red
points = '6 5 9 11'
set multiplot layout 1,2 title "Clients that share a crypto service, against predictions (band: ±25 %)"
set key top left Left reverse samplen 0.5 spacing 0.9
set logscale xy
set style fill transparent solid 0.55 noborder
set format xy '%.0s%c'
# least and most of two columns
range(c) = sprintf("least = 1e300; most = 0; set xrange [*:*]; set yrange [*:*]; stats data every ::1 using \
  (low = $%d < $%d ? $%d : $%d, high = $%d > $%d ? $%d : $%d, least = low < least ? low : least, \
  most = high > most ? high : most, 1) nooutput; \
  set xrange [0.6*least:1.6*most]; set yrange [0.6*least:1.6*most]", c, c+1, c, c+1, c, c+1, c, c+1)
cases(c) = sprintf("plot '+' using 1:($1*0.75):($1*1.25) with filledcurves lc rgb grey notitle, \
  x lc rgb '#444444' lw 1 notitle, \
  data every ::1 using (strcol(7) eq '1' ? $%d : 1/0):%d with points pt 7 ps 0.6 lc rgb '#999999' title (disturbed ? 'disturbed' : ''), \
  for [i=1:words(designs)] data every ::1 using (strcol(7) eq '0' && strcol(2) eq word(designs, i) ? $%d : 1/0):%d \
  with points pt (word(points, place(word(designs, i)))+0) ps 0.9 lw 2 \
  lc rgb word(colours, place(word(designs, i))) title word(designs, i)", c, c+1, c, c+1)
eval range(8)
set xlabel 'measured requests per s'
set ylabel 'predicted requests per s'
eval cases(8)
set key off
eval range(13)
set xlabel 'measured median latency (µs)'
set ylabel 'predicted median latency (µs)'
eval cases(13)
unset multiplot
