# Figure 12 (x86): the sum over VMs by their number; the paper's thresholds for one VM are marked.
eval page
set multiplot layout 1,2 title "Fig. 12 (x86): sum over VMs, 4 KB packets\nunlimited processors"
set ylabel 'share of the host''s own rate (%)'
set key bottom right reverse Left
data = 'fig-12-ivshmem.csv'; heading = 'ivshmem'; top = 180
load plots.'/crypto-card/sharing.inc'
plot @panel, '-' using ($1-0.45):2:(0.9):(0) with vectors nohead lw 4 lc rgb 'black' title 'paper, one VM: at least'
1,95
1,95
e
unset ylabel
data = 'fig-12-vsock.csv'; heading = 'vsock'
load plots.'/crypto-card/sharing.inc'
plot @panel, '-' using ($1-0.45):2:(0.9):(0) with vectors nohead lw 4 lc rgb 'black' title 'paper, one VM: at least'
1,60
1,40
1,90
e
unset multiplot
