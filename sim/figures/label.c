#include "sim/figures/label.h"

#include <math.h>
#include <string.h>

static const Translation words[] = {
    {"total", "总迁移时间"},
    {"downtime", "停机时间"},
    {"time", "时间"},
    {"time since the start", "仿真时间"},
    {"round", "轮次"},
    {"pages sent in the round", "该轮发送的页数"},
    {"Pages of each round", "各轮发送的页数"},
    {"Steps of the migrations", "迁移的各个步骤"},
    {"latency of a vTPM command", "vTPM 命令的延迟"},
    {"share of commands", "命令所占比例"},
    {"Latency of vTPM commands", "vTPM 命令延迟的分布"},
    {"Requests of card sessions", "密码卡会话的请求"},
    {"requests per second", "每秒请求数"},
    {"Throughput of sockets", "套接字的吞吐量"},
    {"bytes received per second", "每秒接收的字节数"},
    {"Response times", "响应时间"},
    {"response time", "响应时间"},
    {"median", "中位数"},
    {"99 % are below", "99 % 低于"},
    {"worst", "最长"},
    {"applications without a figure: %u", "没有图的应用：%u"},
    {"pre-migration", "迁移准备"},
    {"reservation", "资源预留"},
    {"pre-copy", "预拷贝"},
    {"stop-and-copy", "停机拷贝"},
    {"commitment", "提交"},
    {"post-copy", "后拷贝"},
    {"activation", "激活"},
    {"did not complete", "未完成"},
    {"not all runs completed", "部分运行未完成"},
    {"no value", "无数值"},
    {"migrations by their start", "迁移（按开始先后）"},
    {"in the order of the table", "按表中的先后"},
    {"mean of %u runs, band or bar: 95 % interval", "%u 次运行的均值，色带或误差线为 95 % 置信区间"},
    {"mean of %u runs, intervals are not drawn", "%u 次运行的均值，未画出置信区间"},
    {"at", "其中"},
    {"varies with it", "随之变化"},
    {"(…): not all runs completed", "(…)：部分运行未完成"},
    {"×: did not complete", "×：未完成"},
    {"?: no value", "?：无数值"},
    {"migrations without a finished round: %u", "没有完成任何一轮的迁移：%u"},
    {"one value of %u drawn", "每 %u 个数值画一个"},
    {"%u failed commands have no latency and are not drawn", "%u 条失败的命令没有延迟，未画出"},
    {"nothing was received where a line is interrupted", "曲线中断处没有收到任何数据"},
    {"no fixed costs", "无固定开销"},
    {"some migrations without fixed costs", "部分迁移无固定开销"},
    {", ", "，"},
    {"unlimited processors", "处理器不受限"},
    {"unlimited processors on some hosts", "部分主机的处理器不受限"},
    {"pages counted, not drawn one by one", "页面只计数，不逐页抽取"},
    {"Evacuation within a window", "维护窗口内的主机疏散"},
    {"%u runs of each point; share: 95 % Wilson interval", "每点 %u 次运行；按时比例：95 % Wilson 置信区间"},
    {"duration and downtime: median, bar: from least to most", "用时与停机时间：中位数，误差线从最小到最大"},
    {"hollow: only of the runs that emptied the host, which not all did",
     "空心：并非每次运行都清空了主机，只计清空的运行"},
    {"ring on the axis: no run emptied the host", "轴上的圆圈：没有一次运行清空主机"},
    {"Hosts by state", "各状态的主机数"},
    {"busy", "运行"},
    {"overloaded", "过载"},
    {"without VMs", "无虚拟机"},
    {"lost", "失效"},
    {"hosts", "主机数"},
    {"Migrations at a time", "同时进行的迁移"},
    {"migrations", "迁移数"},
    {"Migrations that lasted no longer", "不超过该时长的迁移"},
    {"downtime of the VM", "虚拟机停机时间"},
    {"total time", "总时间"},
    {"share of the migrations that completed", "占已完成迁移的比例"},
    {"share in time", "按时比例"},
    {"duration", "用时"},
    {"downtime, p95", "停机时间 p95"},
    {"window", "窗口"},
    {"min", "分钟"},
    {"memory", "内存"},
    {"bandwidth", "带宽"},
    {"latency", "时延"},
    {"method", "方法"},
    {"vcpus", "虚拟处理器数"},
    {"max_rounds", "最大轮数"},
    {"live_rounds", "预拷贝轮数"},
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
label_language_word(Language language)
{
    return language == LANGUAGE_ZH ? "zh" : "en";
}

const char *
label_translate(const Translation *table, gsize n, const char *english, Language language)
{
    for (gsize i = 0; language == LANGUAGE_ZH && i < n; i++)
        if (g_str_equal(table[i].en, english))
            return table[i].zh;
    return english;
}

const char *
label_word(const char *english, Language language)
{
    return label_translate(words, G_N_ELEMENTS(words), english, language);
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

char *
label_number(double value)
{
    enum { DIGITS = 4 };
    const double size = fabs(value);

    if (!isfinite(value) || (size > 0 && (size < 1e-4 || size >= 1e9)))
        return g_strdup_printf("%.3g", value);
    const int decimals = size > 0 ? DIGITS - 1 - (int)floor(log10(size)) : 0;
    char *text = g_strdup_printf("%.*f", MAX(decimals, 0), value);
    if (strchr(text, '.')) { /* 2.500 is 2.5, 3.000 is 3 */
        char *end = text + strlen(text);
        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.')
            *--end = '\0';
    }
    return text;
}

/* Of DejaVu Sans, whose letters are wide: capitals and figures 0.64 to 0.8 of their height, most small letters less. A
 * Chinese letter is a square. */
double
label_letter_ems(gunichar letter)
{
    static const char narrow[] = " ,.:;|'!ijl()[]tfI", broad[] = "mwMW%@";

    if (g_unichar_iswide(letter))
        return 1;
    if (letter < 128 && strchr(narrow, (int)letter))
        return 0.4;
    return letter < 128 && strchr(broad, (int)letter) ? 1 : 0.66;
}

double
label_ems(const char *text)
{
    double ems = 0;

    for (const char *p = text; *p; p = g_utf8_next_char(p))
        ems += label_letter_ems(g_utf8_get_char(p));
    return ems;
}

char *
label_shorten(const char *text, double ems)
{
    glong letters = g_utf8_strlen(text, -1);
    char *out = g_strdup(text);

    while (label_ems(out) > ems && letters > 2) {
        letters--;
        g_free(out);
        const char *middle = g_utf8_offset_to_pointer(text, (letters + 1) / 2);
        const char *tail = g_utf8_offset_to_pointer(text, g_utf8_strlen(text, -1) - letters / 2);
        out = g_strdup_printf("%.*s…%s", (int)(middle - text), text, tail);
    }
    return out;
}
