# Measured QEMU migrations against their predictions from the inputs alone: median of the seeds, lowest and highest.
# Axes go from below the smallest to above the largest of the cases, measured or predicted, so that none is left out;
# over a decade at least. Of several profiles each has one colour in all panels, told in the first.
eval page
data = 'validation.csv'
profiles = ''
stats data every ::1 using (strstrt(profiles.' ', ' '.strcol(29).' ') ? 0 : (profiles = profiles.' '.strcol(29), 1)) nooutput
set multiplot layout 1,3 title "Real QEMU migrations against predictions (band: ±5 %)\nunlimited processors, unless a case names them or they were --set"
set key at screen 0.995,0.99 right top samplen 0.5 spacing 0.9 # beside the title: no panel has room that no case can need
if (words(profiles) < 2) { set key off }
set logscale xy
set style fill transparent solid 0.55 noborder
set style line 5 lc rgb purple lw 2 pt 4 ps 0.7
set style line 6 lc rgb sky lw 2 pt 8 ps 0.7
# least and most of four columns where the first has a number, completed or not
range(c, scale) = sprintf("least = 1e300; most = 0; set xrange [*:*]; set yrange [*:*]; stats data every ::1 using \
  (strlen(strcol(%d+4)) > 0 ? (low = $%d < $%d ? $%d : $%d, high = $%d > $%d ? $%d : $%d, \
  least = low < least ? low : least, most = high > most ? high : most, 1) : 1) nooutput; \
  least = (most > 0 ? 0.8*least : 1)/%g; most = (most > 0 ? 1.25*most : 10)/%g; \
  wide = most/least < 12 ? sqrt(12*least/most) : 1; least = least/wide; most = most*wide; \
  set xrange [least:most]; set yrange [least:most]; \
  set xtics (''0.1); set ytics (''0.1); do for [d=-3:9] { set xtics add (10.0**d); set ytics add (10.0**d); \
  if (most < 300*least) { set xtics add (3*10.0**d); set ytics add (3*10.0**d); } }", \
  c, c, c+2, c, c+2, c, c+3, c, c+3, scale, scale)
band = "'+' using 1:($1*0.95):($1*1.05) with filledcurves lc rgb grey notitle, x lc rgb '#444444' lw 1 notitle, "
cases(c, scale, style) = sprintf("plot %s for [i=1:words(profiles)] data every ::1 using \
  (strlen(strcol(%d)) > 0 && strcol(29) eq word(profiles, i) ? $%d/%g : 1/0): \
  ($%d/%g):($%d/%g):($%d/%g) with yerrorbars ls (words(profiles) < 2 ? %d : i) title word(profiles, i)", \
  band, c+4, c, scale, c+1, scale, c+2, scale, c+3, scale, style)
eval range(6, 1000)
set xlabel 'measured total time (s)'
set ylabel 'predicted (s)'
eval cases(6, 1000, 1)
set key off
eval range(11, 1000)
set xlabel 'measured pages (thousands)'
set ylabel 'predicted (thousands)'
eval cases(11, 1000, 2)
eval range(16, 1)
set xlabel 'measured downtime (ms)'
set ylabel 'predicted (ms)'
eval cases(16, 1, 3)
unset multiplot
