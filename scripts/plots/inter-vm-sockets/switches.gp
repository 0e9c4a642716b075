# What the patent can be read to say: a stream and requests whose sender migrates away and back, under each reading.
heading = 'Where the patent can be read in more than one way, and what hangs on it'
under = 'a stream and requests between two VMs of one host; the sender moves to another one and back; the patent has no measurements'
low = -12
high = 285
log_axis = 0
ticks = '0 100 200'
variants = 3
load plots.'/readings.inc'
