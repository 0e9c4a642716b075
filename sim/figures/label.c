#include "sim/figures/label.h"

#include <string.h>

static const struct {
    const char *en, *zh;
} words[] = {
    {"total", "总迁移时间"},
    {"downtime", "停机时间"},
    {"time", "时间"},
    {"time since the start", "仿真时间"},
    {"round", "轮次"},
    {"pages sent in the round", "该轮发送的页数"},
    {"Pages of each round", "各轮发送的页数"},
    {"stop-and-copy round", "停机复制轮"},
    {"Steps of the migrations", "迁移的各个步骤"},
    {"latency of a vTPM command", "vTPM 命令的延迟"},
    {"share of commands", "命令所占比例"},
    {"Latency of vTPM commands", "vTPM 命令延迟的分布"},
    {"Requests of card sessions", "密码卡会话的请求"},
    {"requests per second", "每秒请求数"},
    {"Throughput of sockets", "套接字的吞吐量"},
    {"bytes received per second", "每秒接收的字节数"},
    {"pre_migration", "迁移准备"},
    {"reservation", "资源预留"},
    {"precopy", "迭代预复制"},
    {"stop_and_copy", "停机复制"},
    {"commitment", "提交"},
    {"pull", "拉取"},
    {"activation", "激活"},
    {"mean and 95 % interval", "均值与 95 % 置信区间"},
    {"mean", "均值"},
    {"at", "其中"},
    {"over", "随"},
    {"memory", "内存"},
    {"bandwidth", "带宽"},
    {"latency", "时延"},
    {"method", "方法"},
    {"vcpus", "虚拟处理器数"},
    {"max_rounds", "最大轮数"},
    {"live_rounds", "预复制轮数"},
    {"sent_pages", "发送页数"},
    {"end", "结束时间"},
};

typedef struct {
    const char *suffix;
    double above; /* this unit when the largest value is at least so much */
    double factor;
    const char *unit;
} Unit;

/* The larger units first. */
static const Unit units[] = {
    {"_bytes", 1 << 30, 1.0 / (1 << 30), "GiB"},
    {"_bytes", 1 << 20, 1.0 / (1 << 20), "MiB"},
    {"_bytes", 1 << 10, 1.0 / (1 << 10), "KiB"},
    {"_bytes", 0, 1, "B"},
    {"_Bps", 1.25e9, 8e-9, "Gbit/s"},
    {"_Bps", 0, 8e-6, "Mbit/s"},
    {"_per_s", 0, 1, "1/s"},
    {"_s", 0.5, 1, "s"},
    {"_s", 0.5e-3, 1e3, "ms"},
    {"_s", 1e-12, 1e6, "µs"},
    {"_s", 0, 1, "s"},
};

gboolean
label_language(const char *word, Language *language)
{
    *language = g_str_equal(word, "zh") ? LANGUAGE_ZH : LANGUAGE_EN;
    return *language == LANGUAGE_ZH || g_str_equal(word, "en");
}

const char *
label_word(const char *english, Language language)
{
    for (gsize i = 0; language == LANGUAGE_ZH && i < G_N_ELEMENTS(words); i++)
        if (g_str_equal(words[i].en, english))
            return words[i].zh;
    return english;
}

/* The last part of a dotted name in the language: "migration.vm.total" ends in a word that we know. */
static char *
translate_name(const char *name, Language language)
{
    const char *dot = strrchr(name, '.');
    const char *last = dot ? dot + 1 : name;
    const char *word = label_word(last, language);

    if (word == last)
        return g_strdup(name);
    return dot ? g_strdup_printf("%.*s %s", (int)(dot - name), name, word) : g_strdup(word);
}

Label
label_column(const char *column, double largest, Language language)
{
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (!g_str_has_suffix(column, units[i].suffix) || !(largest >= units[i].above))
            continue;
        g_autofree char *stem = g_strndup(column, strlen(column) - strlen(units[i].suffix));
        g_autofree char *name = translate_name(stem, language);
        return (Label){units[i].factor, g_strdup_printf("%s (%s)", name, units[i].unit)};
    }
    return (Label){1, translate_name(column, language)};
}
