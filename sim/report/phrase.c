#include "sim/report/phrase.h"

static const Translation phrases[] = {
    {"Reproduction", "论文复现报告"},
    {"Sweep", "参数扫描报告"},
    {"Run", "仿真运行报告"},
    {"Claims", "论断与判定"},
    {"Figures", "图"},
    {"Metrics", "指标"},
    {"Points", "各参数点"},
    {"Invariants", "不变量"},
    {"How to repeat it", "如何重复"},
    {"Files that were read, with their SHA-256 digests", "读入的文件及其 SHA-256 摘要"},
    {"not shown, it was drawn from other results", "未收录：据其他结果绘制"},
    {"not shown, it is not as tandem plot drew it", "未收录：与 tandem plot 所绘不同"},
    {"in the other language", "图中文字为另一种语言"},
    {"not as run.log says that this command wrote it", "与 run.log 所记的该命令的输出不符"},
    {"What was run", "运行内容"},
    {"The scenario as resolved", "展开后的场景"},
    {"claim", "论断"},
    {"source", "出处"},
    {"paper", "论文值"},
    {"simulated", "仿真值"},
    {"deviation", "偏差"},
    {"tolerance", "容差"},
    {"role", "角色"},
    {"verdict", "判定"},
    {"name", "名称"},
    {"value", "值"},
    {"meaning", "含义"},
    {"checks", "检查次数"},
    {"violations", "违反次数"},
    {"passed", "通过"},
    {"failed", "未通过"},
    {"mean and 95 % interval over the repeats", "重复运行的均值与 95 % 置信区间"},
    {"of", "/"},
    {"more rows are in summary.csv", "其余行见 summary.csv"},
    {"scenario", "场景"},
    {"seed", "随机种子"},
    {"version", "版本"},
    {"points", "参数点数"},
    {"repeats", "重复次数"},
    {"runs", "运行次数"},
    {"parameter", "参数"},
    {"values", "取值个数"},
};

const char *
phrase_say(const char *english, Language language)
{
    return label_translate(phrases, G_N_ELEMENTS(phrases), english, language);
}
