# Edit it and draw again: gnuplot -e "format='pdf'" heat.gp
if (!exists('format')) format = 'png'
name = 'heat'

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


# What each number hangs on: its change in percent when one parameter is raised (of ±, the larger side; blue: it falls,
# orange: it rises). Above the line what is predicted, below it what was used for calibration. ×: a verdict changes.
# Cells are boxes, which stay sharp in SVG. Numbers and parameters without a change of 0.5 % or of a verdict are left out.
stats 'heat.csv' every ::1 using 1 nooutput name 'x'
stats 'heat.csv' every ::1 using 2 nooutput name 'y'
stats 'heat.csv' every ::1 using ($5 == 0 ? $2 : 1/0) nooutput name 'predicted'
columns = int(x_max) + 1
rows = int(y_max) + 1
longest = 0
stats 'heat.csv' every ::1 using (longest = strlen(strcol(7)) > longest ? strlen(strcol(7)) : longest, 1) nooutput
highest = 0
stats 'heat.csv' every ::1 using (highest = strlen(strcol(6)) > highest ? strlen(strcol(6)) : highest, 1) nooutput
left = 40 + 13 * longest
top = 40 + 12 * highest
width = left + 72 * columns + 150
# What the colours and signs mean, on as many lines as it takes in this width.
meaning = width > 1250 ? 'change (%) when the parameter is raised; colours end at ±10; × a verdict changes; * a whole number: changed by one' \
                       : "change (%) when the parameter is raised; colours end at ±10\n× a verdict changes; * a whole number: changed by one"
bottom = width > 1250 ? 50 : 80
height = top + bottom + 20 + 36 * rows
eval terminal(width, height)
set lmargin at screen (left * 1.0) / width
set rmargin at screen 1 - 150.0 / width
set tmargin at screen 1 - (top * 1.0) / height
set bmargin at screen (bottom * 1.0) / height
unset key
unset grid
unset colorbox
set border 0
set tics scale 0
set xrange [-0.5:columns - 0.5]
set yrange [rows - 0.5:-0.5]
set x2range [-0.5:columns - 0.5]
unset xtics
set x2tics rotate by 60 left font ',17' nomirror
set ytics font ',17'
set palette defined (-1 blue, -0.4 '#9CC9E3', 0 '#FFFFFF', 0.4 '#F6D48A', 1 orange)
set cbrange [-10:10]
set label 1 meaning at screen 0.5, (bottom - 36.0) / height center font ',17'
shown(v) = abs(v) < 0.05 ? '' : abs(v) < 9.95 ? sprintf('%.1f', v) : sprintf('%.0f', v)
if (predicted_max < y_max) { set arrow 1 from -0.5, predicted_max + 0.5 to columns - 0.5, predicted_max + 0.5 nohead lc rgb '#444444' lw 1.5 front }
plot 'heat.csv' every ::1 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):($3 > 10 ? 10 : $3 < -10 ? -10 : $3):x2tic(strcol(6)):ytic(strcol(7)) with boxxyerror fs solid 1 border lc rgb '#ffffff' lc palette, \
     'heat.csv' every ::1 using 1:2:(shown($3).($4 > 0 ? ' ×' : '')):($3 < -6 ? 0xFFFFFF : 0x222222) with labels font ',15' tc rgb variable

