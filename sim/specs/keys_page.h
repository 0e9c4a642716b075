/* docs/keys.md: every key of scenario files in Markdown, out of the tables that the reader uses. */
#ifndef TANDEM_SIM_SPECS_KEYS_PAGE_H
#define TANDEM_SIM_SPECS_KEYS_PAGE_H

/* The profiles are those of the data folder (profile.h). words: what each English text is called in the page's
 * language; NULL: the page is English. (transfer full) */
char *keys_page_text(const char *(*words)(const char *english));

#endif
