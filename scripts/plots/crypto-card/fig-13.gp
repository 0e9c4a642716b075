# Figure 13 (ARM, vsock): the sum over VMs by their number; the paper's threshold for one VM is marked.
eval column
set ylabel 'share of the host''s own rate (%)'
set key bottom right
data = 'fig-13.csv'; heading = "Fig. 13 (ARM, vsock): sum over VMs, 4 KB\nunlimited processors"; top = 180
load plots.'/crypto-card/sharing.inc'
plot @panel, '-' using ($1-0.45):2:(0.9):(0) with vectors nohead lw 4 lc rgb 'black' title 'paper, one VM: at least'
1,92
e
