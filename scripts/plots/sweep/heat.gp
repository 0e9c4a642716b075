# A metric over two parameters that are numbers: a cell per point, by index, so that uneven steps are of one size.
# Colours: viridis (S. van der Walt, N. Smith), whose lightness grows evenly.
set title (heading eq '' ? y_label : y_label.', '.heading) noenhanced font ',20'
set xlabel x_label noenhanced
set ylabel by_label noenhanced
unset grid
unset key
set border 0
set tics scale 0
set palette defined (0 '#440154', 1 '#482878', 2 '#3e4a89', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', 7 '#6dcd59', 8 '#b4de2c', 9 '#fde725')
if (log_y) { set logscale cb }
data = name.'.csv'
stats data every ::1 using 5 name 'z' nooutput
dark(v) = (log_y ? (log(v) - log(z_min)) / (log(z_max) - log(z_min) + 1e-300) : (v - z_min) / (z_max - z_min + 1e-300)) < 0.6
set xrange [-0.5:n_x-0.5]
set yrange [-0.5:n_y-0.5]
set xtics rotate by (n_x > 8 ? -40 : 0)
letters_in = n_x * n_y <= 120
plot data every ::1 using 1:2:5:xtic(sprintf('%.3g', $3)):ytic(sprintf('%.3g', $4)) with image, \
     data every ::1 using 1:2:(letters_in ? sprintf('%.3g', $5) : ''):(dark($5) ? 0xffffff : 0x000000) with labels font ',16' tc rgb variable
