# A frame for the figures of `tandem plot`, that grows with what it must hold, so that no text lies on the data or on
# another: lines of the title above, a key below in as many columns as its longest name leaves room for. Sizes in pixels;
# a letter of 22 points is 29 pixels high, one of the key 21.
least(a, b) = a < b ? a : b
most(a, b) = a > b ? a : b
# A tick's text is a format for its place.
tick(s) = strstrt(s, '%') ? s[1:strstrt(s, '%')].'%'.tick(s[strstrt(s, '%')+1:*]) : s
# The widest of every so many of a list of widths.
widest(each, i, skip) = i > words(each) ? 0 : most(word(each, i) + 0, widest(each, i + skip, skip))
up(x) = int(x) + (x > int(x) ? 1 : 0)
# plot_wide: of the plot itself, within whose width gnuplot keeps a key's columns. It counts letters as it thinks them wide,
# 15 pixels, and Chinese ones, of 21, too narrow.
key_width(ems) = letters eq 'DejaVu Sans' ? 0 : 0.45 * ems
key_across(plot_wide, keys, ems) = most(1, least(keys, int(plot_wide / (21.5 * ems + 86))))
key_down(plot_wide, keys, ems) = keys < 1 ? 0 : up(keys / (1.0 * key_across(plot_wide, keys, ems)))
# cairo makes a line of Noto's Chinese letters half as high again, also those of the tics, and moves the axis's name down;
# the key's lines are a tenth higher.
lower = letters eq 'DejaVu Sans' ? 0 : 30
key_line = letters eq 'DejaVu Sans' ? 32 : 36
above = 20 + (words(title_lines) > 0 ? 42 : 0) + 32 * most(0, words(title_lines) - 1) + 16
title_y(i) = i == 1 ? 30 : 62 + 32 * (i - 2) + 16
tall(plot_wide, high, below, keys, ems, key_title) = above + high + below + lower + 38 * key_title + key_line * key_down(plot_wide, keys, ems) + 14
# high: of the plot; below: what tic labels and the axis's name need; key_title: 1 when a line above the key says what its
# names are
frame(wide, plot_wide, high, below, keys, ems, key_title) = \
    sprintf("total = %d; ", tall(plot_wide, high, below, keys, ems, key_title)) \
    .sprintf("%s; set termoption enhanced; ", terminal(wide, tall(plot_wide, high, below, keys, ems, key_title))) \
    .sprintf("set tmargin at screen 1 - %d.0 / total; set bmargin at screen 1 - %d.0 / total; ", above, above + high) \
    .sprintf("key_y = 1 - %d.0 / total; ", above + high + below + lower) \
    .sprintf("set key at screen 0.5, screen key_y - %d.0 / total center top horizontal maxcols %d width %.1f Left reverse noenhanced samplen 1.5 spacing 1.15 font ',16' nobox; ", \
             38 * key_title, key_across(plot_wide, keys, ems), key_width(ems)) \
    .(keys < 1 ? "unset key; " : "") \
    ."do for [i=1:words(title_lines)] { set label 100+i word(title_lines, i) at screen 0.5, screen 1 - title_y(i) / (1.0 * total) center noenhanced font (i == 1 ? ',24' : ',17') }"

# A font in which a text of 22 points' letters, 17.5 pixels wide as most are, is no longer than room.
fit(text, room) = sprintf(',%d', most(10, least(22, int(22.0 * room / (17.5 * most(1, strlen(text)))))))
# The name of the y axis at the picture's edge, and room for tic labels of so many letters beside it.
y_axis(text, wide, digits) = sprintf("set lmargin at screen %.4f; set label 98 ", (80 + 19.5 * digits) / wide) \
    .text." at screen 26.0 / ".sprintf('%d', wide).", graph 0.5 center rotate by 90 noenhanced front font fit(".text.", 560)"

# The same for a scale of colours at the right-hand side.
colour_axis(text) = "set rmargin at screen 0.72; set format cb '%.10g'; set label 97 ".text." at screen 1 - 24.0 / 900, graph 0.5 center rotate by 90 noenhanced front font ',18'"

# Sixteen lines are told apart by colour, point and dashes; more get a colour of the scale and no name. Hollow points mean
# that not all is well, so that the usual ones are filled.
colour_of(l) = word('#0072B2 #E69F00 #009E73 #D55E00 #CC79A7 #56B4E9 #777777 #000000', (l - 1) % 8 + 1)
filled(l) = int(word('7 5 9 11 13 15 7 5', (l - 1) % 8 + 1))
hollow(l) = int(word('6 4 8 10 12 14 6 4', (l - 1) % 8 + 1))
dashes(l) = (l - 1) / 8 % 2 + 1
# Lines that lie on each other show: the first of a few is the widest.
width_of(l, n) = 2 + 0.9 * most(0, least(n, 4) - l)
# viridis (S. van der Walt, N. Smith), whose lightness grows evenly
viridis = "set palette defined (0 '#440154', 1 '#482878', 2 '#3e4a89', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', 7 '#6dcd59', 8 '#b4de2c', 9 '#fde725')"
# without its lightest third, for lines on white
viridis_lines = "set palette defined (0 '#440154', 1 '#482878', 2 '#3e4a89', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779')"

# Tics of a linear axis: a round step, of which the range holds about n.
step_of(range, n) = (m = 10.0**floor(log10(range / (1.0 * n))), f = range / (1.0 * n) / m, (f < 1.5 ? 1 : f < 3.5 ? 2 : f < 7.5 ? 5 : 10) * m)
number_format(largest) = largest < 1e7 ? '%.10g' : '%.10s%c'
set datafile columnheaders
