/* What completes commands in bash and zsh, out of the table of verbs and the verbs' own options: there is no second
 * list.
 *
 * Words come from what the help says: "en|zh" names words, DIR a folder, VERB, KIND, TEMPLATE, PROFILE, PAPER and WHAT
 * what there is a list of; anything else is a file.
 */
#include "sim/cli/verb.h"
#include "sim/cli/verbs.h"

#include <stdio.h>
#include <string.h>

/* Capitals of a usage line, and the list that has the words for them. */
static const struct {
    const char *capitals, *list;
} listed[] = {
    {"VERB", "verbs"},       {"KIND", "kinds"},   {"TEMPLATE", "templates"},
    {"PROFILE", "profiles"}, {"PAPER", "papers"}, {"WHAT", "papers"},
};

static gboolean
is_word(const char *text)
{
    return *text && text[strspn(text, G_CSET_a_2_z G_CSET_DIGITS "-")] == '\0';
}

/* The words that "[a|b]" offers, with blanks between; "" when it offers none. (transfer full) */
static char *
offered(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text ? text : "", "|[]. ", -1);
    GString *all = g_string_new(NULL);
    gsize many = 0;

    for (char **word = words; *word; word++) {
        many += **word != '\0';
        if (is_word(*word))
            g_string_append_printf(all, "%s%s", all->len ? " " : "", *word);
    }
    if (many < 2) /* one word is no choice: "scenario.json" */
        g_string_truncate(all, 0);
    return g_string_free(all, FALSE);
}

static gboolean
names(const char *usage, const char *capitals)
{
    g_auto(GStrv) words = g_strsplit_set(usage, "|[]. ", -1);

    return g_strv_contains((const char *const *)words, capitals);
}

/* The list of the verb's operands; NULL: there is none. */
static const char *
list_of(const char *usage)
{
    for (gsize i = 0; i < G_N_ELEMENTS(listed); i++)
        if (names(usage, listed[i].capitals))
            return listed[i].list;
    return NULL;
}

typedef struct {
    const Verb *verb;
    GString *text;
} Writing;

static char *
script(const char *head, const char *tail, VerbDescribe write)
{
    Writing writing = {NULL, g_string_new(head)};

    for (const Verb *verb = verbs; verb->word; verb++) {
        writing.verb = verb;
        verb_describe(verb->act, verb->word, write, &writing);
    }
    g_string_append(writing.text, tail);
    return g_string_free(writing.text, FALSE);
}

/* ---- bash ---- */

/* bash breaks words at '=' unless the user took it out of COMP_WORDBREAKS; both ways are looked at. */
static const char bash_head[] =
    "# bash completion for tandem, made by `tandem completion bash`\n"
    "_tandem() {\n"
    "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
    "  local options='' words='' list='' kind=file with=''\n"
    "  if [[ $current == --*=* ]]; then previous=${current%%=*} current=${current#*=}; fi\n"
    "  if [[ $current == '=' ]]; then current=''; fi\n"
    "  if [[ $previous == '=' ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
    "  COMPREPLY=()\n"
    "  if ((COMP_CWORD == 1)); then\n";

static const char bash_middle[] = "    return\n  fi\n  case $verb in\n";

static const char bash_tail[] =
    "  *) return ;;\n"
    "  esac\n"
    "  if [[ $current == -* ]]; then\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
    "  elif [[ $with == words ]]; then\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
    "  elif [[ $with == none ]]; then\n"
    "    return\n"
    "  elif [[ $with == dir || ( -z $with && $kind == dir ) ]]; then\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    mapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n"
    "  else\n"
    "    [[ -z $with && -n $list ]] && words=$(\"${COMP_WORDS[0]}\" list \"$list\" 2>/dev/null | cut -d' ' -f1)\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    [[ -n $with || $kind == file ]] && mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
    "    [[ -z $with ]] && mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
    "  fi\n"
    "}\n"
    "complete -F _tandem tandem\n";

/* What an option's value is: words, a folder, a file, or nothing that can be completed. */
static void
append_bash_value(GString *text, const GOptionEntry *entry)
{
    g_autofree char *words = offered(entry->arg_description);

    if (!entry->arg_description)
        return;
    g_string_append(text, "    ");
    if (entry->short_name)
        g_string_append_printf(text, "-%c | ", entry->short_name);
    g_string_append_printf(text, "--%s) with=", entry->long_name);
    if (*words)
        g_string_append_printf(text, "words words='%s'", words);
    else
        g_string_append(text, g_str_equal(entry->arg_description, "DIR")    ? "dir"
                              : g_str_equal(entry->arg_description, "FILE") ? "file"
                                                                            : "none");
    g_string_append(text, " ;;\n");
}

static void
append_bash_operands(GString *text, const char *usage)
{
    g_autofree char *words = offered(usage);
    const char *list = list_of(usage);
    const char *files = names(usage, "DIR")                                ? "dir"
                        : names(usage, "SCENARIO") || names(usage, "FILE") ? "file"
                                                                           : "none";

    if (list)
        g_string_append_printf(text, "    list=%s\n", list);
    if (*words)
        g_string_append_printf(text, "    words='%s'\n", words);
    g_string_append_printf(text, "    kind=%s\n", files);
}

static void
write_bash(const GOptionEntry *entries, const char *usage, const char *about G_GNUC_UNUSED, gpointer data)
{
    const Writing *writing = data;

    g_string_append_printf(writing->text, "  %s)\n    options='--help", writing->verb->word);
    for (const GOptionEntry *entry = entries; entry->long_name; entry++)
        g_string_append_printf(writing->text, " --%s", entry->long_name);
    g_string_append(writing->text, "'\n");
    append_bash_operands(writing->text, usage);
    g_string_append(writing->text, "    case $previous in\n");
    for (const GOptionEntry *entry = entries; entry->long_name; entry++)
        append_bash_value(writing->text, entry);
    g_string_append(writing->text, "    esac\n    ;;\n");
}

static char *
bash_script(void)
{
    GString *head = g_string_new(bash_head);

    g_string_append(head, "    mapfile -t COMPREPLY < <(compgen -W '--help --version");
    for (const Verb *verb = verbs; verb->word; verb++)
        g_string_append_printf(head, " %s", verb->word);
    g_string_append_printf(head, "' -- \"$current\")\n%s", bash_middle);
    char *text = script(head->str, bash_tail, write_bash);
    g_string_free(head, TRUE);
    return text;
}

/* ---- zsh ---- */

/* Text inside of single quotes and brackets of _arguments. */
static void
append_zsh_text(GString *text, const char *said)
{
    for (; *said; said++) {
        if (*said == '\'')
            g_string_append(text, "'\\''");
        else
            g_string_append_printf(text, strchr("[]:\\", *said) ? "\\%c" : "%c", *said);
    }
}

static void
append_zsh_option(GString *text, const GOptionEntry *entry)
{
    g_autofree char *words = offered(entry->arg_description);
    const char *value = entry->arg_description;
    const gboolean many = entry->arg == G_OPTION_ARG_STRING_ARRAY;

    g_string_append_printf(text, " \\\n      '%s--%s%s[", many ? "*" : "", entry->long_name, value ? "=" : "");
    append_zsh_text(text, entry->description);
    g_string_append(text, "]");
    if (value) {
        g_string_append_c(text, ':');
        append_zsh_text(text, value);
        if (*words)
            g_string_append_printf(text, ":(%s)", words);
        else
            g_string_append(text, g_str_equal(value, "DIR")    ? ":_files -/"
                                  : g_str_equal(value, "FILE") ? ":_files"
                                                               : ":");
    }
    g_string_append_c(text, '\'');
}

static void
append_zsh_operands(GString *text, const char *usage)
{
    g_autofree char *words = offered(usage);
    const char *list = list_of(usage);

    g_string_append(text, " \\\n      '*:");
    append_zsh_text(text, *usage ? usage : "nothing");
    if (list)
        g_string_append_printf(text, ":{ _tandem_list %s%s }", list,
                               names(usage, "SCENARIO") || names(usage, "FILE") ? "; _files" : "");
    else if (*words)
        g_string_append_printf(text, ":(%s)", words);
    else
        g_string_append(text, names(usage, "DIR") ? ":_files -/" : *usage ? ":_files" : ":");
    g_string_append(text, "'\n");
}

static void
write_zsh(const GOptionEntry *entries, const char *usage, const char *about G_GNUC_UNUSED, gpointer data)
{
    const Writing *writing = data;

    g_string_append_printf(writing->text, "  %s)\n    _arguments '--help[show help options]'", writing->verb->word);
    for (const GOptionEntry *entry = entries; entry->long_name; entry++)
        append_zsh_option(writing->text, entry);
    append_zsh_operands(writing->text, usage);
    g_string_append(writing->text, "    ;;\n");
}

static char *
zsh_script(void)
{
    GString *head =
        g_string_new("#compdef tandem\n# zsh completion for tandem, made by `tandem completion zsh`\n"
                     "_tandem_list() { compadd -- ${(f)\"$(tandem list $1 2>/dev/null | cut -d' ' -f1)\"} }\n"
                     "if ((CURRENT == 2)); then\n  local -a verbs=(\n");

    for (const Verb *verb = verbs; verb->word; verb++) {
        g_string_append_printf(head, "    '%s:", verb->word);
        append_zsh_text(head, verb->about);
        g_string_append(head, "'\n");
    }
    g_string_append(head,
                    "  )\n  _describe verb verbs\n  return\nfi\nshift words\n((CURRENT--))\ncase ${words[1]} in\n");
    char *text = script(head->str, "esac\n", write_zsh);
    g_string_free(head, TRUE);
    return text;
}

int
verb_completion(int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL}};
    const char *const shells[] = {"bash", "zsh", NULL};

    if (!verb_parse(entries, "bash|zsh",
                    "Prints what completes tandem's commands in that shell: source <(tandem completion bash).", &argc,
                    &argv))
        return EXIT_BAD_INPUT;
    if (argc != 2 || !g_strv_contains(shells, argv[1]))
        return verb_complain(EXIT_BAD_INPUT, "completion: %s%s%s, expected bash or zsh", argc > 1 ? "\"" : "",
                             argc > 1 ? argv[1] : "no shell given", argc > 1 ? "\" is none of the shells" : "");
    g_autofree char *text = g_str_equal(argv[1], "bash") ? bash_script() : zsh_script();
    fputs(text, stdout);
    return EXIT_DONE;
}
