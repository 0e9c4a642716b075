# A metric over two parameters that are numbers: a cell per point, by index, so that uneven steps are of one size. Cells are
# boxes, which stay sharp in SVG and PDF.
data = name.'.csv'
stats data using 3 name 'z' nooutput
stats data using (strlen(strcol(4))) name 'w' nooutput
pitch = most(26, least(46, 460 / n_y))
pitch = n_y > 40 ? 900.0 / n_y : pitch
left = 95 + 22 * y_names_ems
room = (900 - left - 190.0) / n_x
turned = 20 * x_names_ems > room - 8
# as many names as have room, each at its cell: those that are hidden need none
skip_x = most(1, up((turned ? 30 : 0) / room))
skip_y = most(1, up(26 / pitch))
# the name of y may reach a little beyond the cells, in smaller letters when it is long
high = most(most(240, n_y * pitch), 10 * strlen(by_label) - 80)
eval frame(900, 900 - left - 190, high, 115 + (turned ? 13 * widest(x_names_each, 1, skip_x) : 0), 0, 1, 0)
set lmargin at screen left / 900.0
set rmargin at screen 1 - 190.0 / 900
set xlabel x_label noenhanced
set label 98 by_label at screen 26.0 / 900, graph 0.5 center rotate by 90 noenhanced font fit(by_label, high + 80)
unset grid
unset key
set border 0
eval viridis
set format cb '%.10g'
if (!exists('z_records') || z_records == 0) { z_min = 0; z_max = 1 }
if (z_max <= z_min) { z_max = z_min + (z_min == 0 ? 1 : abs(z_min)); }
set cbrange [z_min:z_max]
log_z = log_z && z_min > 0
if (log_z) { set logscale cb; set cbtics (); do for [k=0:4] { set cbtics add (sprintf('%.4g', z_min * (z_max / z_min)**(k / 4.0)) z_min * (z_max / z_min)**(k / 4.0)) } }
dark(v) = (log_z ? (log(v) - log(z_min)) / (log(z_max) - log(z_min)) : (v - z_min) / (z_max - z_min)) < 0.6
set xrange [-0.5:n_x-0.5]
set yrange [-0.5:n_y-0.5]
set xtics () scale 0 font ',17' noenhanced
if (turned) { set xtics rotate by 40 right }
set ytics () scale 0 font ',17' noenhanced
do for [i=0:n_x-1:skip_x] { set xtics add (tick(word(x_names, i+1)) i) }
do for [j=0:n_y-1:skip_y] { set ytics add (tick(word(y_names, j+1)) j) }
written = w_max * 14.5 < room && pitch >= 22
half = 0.5
edge = written ? "border lc rgb '#ffffff'" : 'noborder'
plot data using ($5 < 2 ? $1 : NaN):2:($1-half):($1+half):($2-half):($2+half):3 with boxxyerror fs solid 1 @edge lc palette, \
     data using 1:2:(written || $5 > 0 ? ($5 == 1 && !written ? '( )' : strcol(4)) : ''):($5 < 2 && dark($3) ? 0xffffff : 0x000000) with labels font ',16' tc rgb variable
