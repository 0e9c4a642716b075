# Edit it and draw again: gnuplot -e "format='pdf'" tornado.gp
if (!exists('format')) format = 'png'
name = 'tornado'

# What all figures share. Called with format ('png', 'svg' or 'pdf'), name (the figure goes to NAME.FORMAT in the data's
# folder) and plots (this folder). A figure begins with `eval column`, `eval page` or `eval frame(…)`: the width of a column
# of a two-column paper (84 mm) or of its page (175 mm); letters are then 7 to 8 points high.
# The scales make all formats look alike: cairo counts a font's points at 96 to the inch, SVG at 72.
# draft: what `tandem plot` puts before the file's name until it is whole.
# Colours: Okabe and Ito's, which colour-blind readers tell apart, and which differ in print too.
if (!exists('letters')) { letters = 'DejaVu Sans' }
if (format ne 'png' && format ne 'svg' && format ne 'pdf') { printerr "format: expected png, svg or pdf"; exit status 2 }
# A PDF has a point for each pixel: let the document scale it to its column.
terminal(width, height) = (format eq 'png' ? "set terminal pngcairo pointscale 2 linewidth 2" \
    : format eq 'svg' ? "set terminal svg dynamic fontscale 1.33 background '#ffffff' linewidth 2" \
    : "set terminal pdfcairo color fontscale 1 pointscale 2.4 linewidth 4 background '#ffffff'") \
    .(format eq 'pdf' ? sprintf(" size %.3fin,%.3fin", width / 72.0, height / 72.0) : sprintf(" size %d,%d", width, height)) \
    .sprintf(" noenhanced font '%s,22'; set output '%s%s.%s'", letters, exists('draft') ? draft : '', name, format)
column = terminal(900, 660)
page = terminal(1680, 640)
set datafile separator ','
set encoding utf8
blue = '#0072B2'; orange = '#E69F00'; green = '#009E73'; red = '#D55E00'; purple = '#CC79A7'; sky = '#56B4E9'; grey = '#999999'
set style line 1 lc rgb blue   lw 2 pt 6 ps 1.1
set style line 2 lc rgb orange lw 2 pt 5 ps 0.7
set style line 3 lc rgb green  lw 2 pt 9 ps 0.7
set style line 4 lc rgb red    lw 2 pt 11 ps 0.8
set style fill solid 1 border lc rgb '#444444'
set border 3 lc rgb '#444444'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lw 1 lt 1
set key top left Left reverse samplen 2 spacing 1.1


# The numbers that a reader looks at first, each with the parameters that move it most: lower (blue) and higher (orange).
# The grey band is what other random numbers do. Whole numbers, which change by one, are in heat.gp only.
stats 'tornado.csv' every ::1 using 1 nooutput name 'p'
panels = int(p_max) + 1
bars = p_records / panels
across = panels < 3 ? panels : panels == 4 ? 2 : 3
down = (panels + across - 1) / across
width = 650 * across
height = 50 + 440 * down
eval terminal(width, height)
unset key
unset grid
set grid xtics lc rgb '#dddddd' lw 1
set style fill solid 0.85 noborder
set border 1
set tics font ',17'
set xlabel 'change (%)' font ',17' offset 0, 0.8
set ytics scale 0
set label 1 'parameter lower: blue, higher: orange; grey: what other random numbers do' at screen 0.5, 18.0 / height center font ',17'
set multiplot
do for [i = 0:panels - 1] {
  heading = ''
  noise = 0
  set xrange [*:*]
  set yrange [*:*]
  stats 'tornado.csv' every ::1 + i * bars::(i + 1) * bars using (heading = strcol(7), noise = $5, 1) nooutput
  stats 'tornado.csv' every ::1 + i * bars::(i + 1) * bars using (abs($3)) nooutput name 'low'
  stats 'tornado.csv' every ::1 + i * bars::(i + 1) * bars using (abs($4)) nooutput name 'high'
  reach = 1.1 * (low_max > high_max ? low_max : high_max)
  reach = reach > 0.5 ? reach : 0.5
  step = reach < 0.75 ? 0.2 : reach < 1.5 ? 0.5 : reach < 3 ? 1 : reach < 7 ? 2 : reach < 15 ? 5 : reach < 30 ? 10 : reach < 70 ? 25 : 50
  set xtics step
  column_of = i % across
  row_of = i / across
  set lmargin at screen (column_of * 650 + 280.0) / width
  set rmargin at screen (column_of * 650 + 625.0) / width
  set tmargin at screen 1 - (row_of * 440 + 70.0) / height
  set bmargin at screen 1 - (row_of * 440 + 350.0) / height
  set title heading font ',19' offset -6, 0
  set xrange [-reach:reach]
  set yrange [7.7:-0.7]
  unset object
  set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb '#444444' lw 1
  if (noise > 0) { set object 1 rectangle from -noise, graph 0 to noise, graph 1 back fc rgb '#eeeeee' fs solid noborder }
  plot 'tornado.csv' every ::1 + i * bars::(i + 1) * bars using ($3 / 2):($2 - 0.17):(abs($3) / 2):(0.17) with boxxyerror lc rgb blue, \
       '' every ::1 + i * bars::(i + 1) * bars using ($4 / 2):($2 + 0.17):(abs($4) / 2):(0.17) with boxxyerror lc rgb orange, \
       '' every ::1 + i * bars::(i + 1) * bars using (0):2:ytic(strcol(6)) with dots lc rgb '#444444'
  unset label
}
unset multiplot

