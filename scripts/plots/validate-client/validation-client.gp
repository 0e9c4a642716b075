# Migrations of guests that had clients meanwhile, against predictions from their inputs.
eval page
data = 'validation-client.csv'
heading = "Guests that serve clients while QEMU moves them, against predictions (band: ±10 %)"
band = 0.1
name(i) = word('blackout_ms udp_lost tcp_step_ms', i)
label(i) = i == 1 ? 'blackout by ping (ms)' : i == 2 ? 'UDP requests lost' : 'wait over TCP (ms)'
load plots.'/validate-watched.inc'
