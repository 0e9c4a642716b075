# What the paper can be read to say, either way: total migration times under each reading, beside table 4's means.
heading = 'Where the VM-vTPM paper can be read twice, and what hangs on it'
under = '512 MiB VM, 2 MiB vTPM, 100 Mb/s, jointly unless said otherwise; means of five seeds beside those of table 4'
low = 82
high = 106
log_axis = 0
ticks = '85 90 95 100 105'
variants = 2
load plots.'/readings.inc'
