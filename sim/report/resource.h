/* Files of sim/report/resources/, which are compiled into the program: a report's style, script and phrases. */
#ifndef TANDEM_SIM_REPORT_RESOURCE_H
#define TANDEM_SIM_REPORT_RESOURCE_H

/* The file's text, which lives as long as the program. The file must be one that report.gresource.xml names. */
const char *resource_text(const char *name);

#endif
