# What all figures share. Called with format ('png' or 'svg'), name (the figure goes to NAME.FORMAT in the data's folder)
# and plots (this folder). A figure begins with `eval column` or `eval page`: the width of a column of a two-column
# paper (84 mm) or of its page (175 mm); letters are then 7 to 8 points high.
# The scales make both formats look alike: cairo counts a font's points at 96 to the inch, SVG at 72.
# Colours: Okabe and Ito's, which colour-blind readers tell apart, and which differ in print too.
terminal(width, height) = (format eq 'png' ? "set terminal pngcairo pointscale 2" \
    : "set terminal svg dynamic fontscale 1.33 background '#ffffff'") \
    .sprintf(" noenhanced size %d,%d font 'DejaVu Sans,22' linewidth 2; set output '%s.%s'", width, height, name, format)
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
