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
