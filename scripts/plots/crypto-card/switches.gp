# What the paper can be read to say, either way: rates and shares under each reading, beside what its figures state.
heading = 'Where the crypto-card paper can be read twice, and what hangs on it'
under = 'packets of 4 KB unless said otherwise; SM4 over ivshmem in the first lines; shares are of one native caller''s rate'
low = 6
high = 3500
log_axis = 1
ticks = '10 100 1000'
variants = 3
load plots.'/readings.inc'
