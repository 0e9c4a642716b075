# The steps of each migration over time, a row each; post-copy's pull stands in the key only where there is one.
unset title
set label 1 heading at screen 0.5, screen 0.96 center font ',24'
set tmargin (has_pull ? 6.7 : 5.5)
set lmargin row_letters * 0.95 + 2
set rmargin 3
set xlabel x_label.' (s)'
unset grid
set grid xtics lc rgb '#dddddd' lw 1
set yrange [n_rows+0.6:0.4]
set style fill solid 0.9 noborder
set key at screen 0.5, screen 0.90 center top horizontal maxrows 2 samplen 1.2 font ',18' nobox
array colour[7] = [grey, sky, blue, red, purple, orange, green]
data = name.'.csv'
plot for [s=1:7] data every ::1 using ($2==s ? $3 : NaN):1:3:4:($1-0.28):($1+0.28):ytic(5) with boxxyerror lc rgb colour[s] title (s == 6 && !has_pull ? '' : word(line_names, s))
