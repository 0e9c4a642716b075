# What all figures share. Called with format ('png' or 'svg') and name; the figure goes to NAME.FORMAT in the data's folder.
# Colours: Okabe and Ito's, which colour-blind readers tell apart, and which differ in print too.
if (format eq 'png') {
    set terminal pngcairo size 1200,760 font 'DejaVu Sans,20' linewidth 2
} else {
    set terminal svg size 1200,760 dynamic font 'DejaVu Sans,20' linewidth 2 background '#ffffff'
}
set output name.'.'.format
set datafile separator ','
set encoding utf8
blue = '#0072B2'; orange = '#E69F00'; green = '#009E73'; red = '#D55E00'; purple = '#CC79A7'; sky = '#56B4E9'; grey = '#999999'
set style line 1 lc rgb blue   lw 2 pt 7 ps 1.4
set style line 2 lc rgb orange lw 2 pt 5 ps 1.4
set style line 3 lc rgb green  lw 2 pt 9 ps 1.6
set style line 4 lc rgb red    lw 2 pt 11 ps 1.6
set border 3 lc rgb '#444444'
set tics nomirror out
set grid ytics lc rgb '#dddddd' lw 1
set key top left Left reverse samplen 2 spacing 1.15 box lc rgb '#ffffff' opaque
