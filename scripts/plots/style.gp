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
