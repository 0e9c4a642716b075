/* What predictions of sockets are held to, for a terminal and as files. */
#ifndef TANDEM_SIM_VALIDATE_SOCKET_JUDGE_H
#define TANDEM_SIM_VALIDATE_SOCKET_JUDGE_H

#include "sim/output/files.h"
#include "sim/validate/socket_predict.h"

/* Of a design and a workload; SOCKET_DESIGNS, SOCKET_WORKLOADS: of all. Disturbed cases are left out. */
CaseErrors socket_judge_errors(const GArray *predictions, SocketDesign design, SocketWorkload workload, guint measure);

/* Pairs of designs that were measured alike but for the design: the faster one is it in the prediction. */
CaseShare socket_judge_order(const GArray *predictions);

/* Steps from one size to the next measured one: bytes per second go up, down or stay level as measured. */
CaseShare socket_judge_shape(const GArray *predictions);

/* (transfer full) */
char *socket_judge_table(const GArray *predictions);
/* validation-sockets.csv and summary-sockets.csv. */
void socket_judge_take_files(const GArray *predictions, FileSet *files);

#endif
