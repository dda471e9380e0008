"""The units that reports count and measure in, as one pattern."""

from __future__ import annotations

# Each unit with the characters that make it the beginning of another word: 12人 but 人均, 3项 but 项目.
_GUARDED = """
    人:均民才大口力工社居 家:庭具 户:籍外口均 项:目 部:门分署 面:积对向 组:织建成 队:伍 班:子 单:位 场:所地 处:理置于 门:诊类 口:径岸 分:别钟之类析管级
    对:口标接 位:于列居 名:列牌单 元:旦宵 份:额 批:复准发 种:植子 类:型别 条:件例 层:级面次 间:接 期:间末初货 次:均生日数 台:账阶 套:餐 张:贴
    把:握好关 支:持部出付撑 只:有要 本:级地年市县区科 片:区 方:面式便案 升:级至到高 克:服 根:据治 架:设构 笔:试 米:面 天:然气津 床:位 度:过 吨:位
    块:状 款:项 头:部 点:击 顶:层格 幅:度 宗:教旨 副:食主市 双:方 盘:活 路:面 件:均 起:到来步 例:如外行会 所:有属在 个:人体 篇:章 级:别 孔:
    列:入为车席出 轮:候岗流训 道:路德
"""
_PLAIN = """
    个百分点 百分点 个工作日 个小时 个月 小时 分钟 工作日 工日 课时 学时 学分 人次 人份 人天 人日 户次 家次 件次 例次 场次 批次 条次 台次 台套 台件
    辆次 张次 剂次 针次 车次 班次 架次 艘次 车辆次 头只 头次 户数 千瓦时 千瓦 兆瓦时 兆瓦 吉瓦 千伏安 千伏 平方公里 平方千米 平方米 平米 ㎡ m² m2
    平方 立方米 立方 m³ m3 公里 千米 km 公顷 亩次 亩 公斤 千克 kg 吨标准煤 吨标煤 吨公里 标准箱 标箱 毫克 微克 毫米 厘米 美元 欧元 港元 港币
    日元 元人民币 元钱 大类 小类 余种 摄氏度 分贝 岁 倍 剂 针 例 起 所 座 辆 栋 幢 艘 枚 颗 盏 盒 箱 袋 瓶 卷 页 桶 眼 尾 羽 株 棵 床 册
    秒 斤 成 % ‰
"""
# Units of a rate, of money, of size, of time: what is measured stands before the figure. With the others, which
# count things, the thing may also follow: 30家门诊.
_MEASURES = """
    % m2 m² ‰ ㎡ 个小时 个工作日 个月 个百分点 亩 倍 元 元人民币 兆瓦 克 公斤 公里 公顷 分 分钟 千克 千瓦 千瓦时 千米 升 吨 吨公里 吨标准煤
    天 小时 岁 平方 平方公里 平方米 平米 成 摄氏度 斤 标准箱 欧元 毫米 港元 百分点 秒 立方 立方米 米 美元
"""
_NOT_BEFORE = dict(item.split(":") for item in _GUARDED.split())
_ALL = sorted({*_PLAIN.split(), *_NOT_BEFORE}, key=len, reverse=True)
_MEASURE_UNITS = frozenset(_MEASURES.split())


def _guarded(unit: str) -> str:
    others = _NOT_BEFORE.get(unit)
    return f"{unit}(?![{others}])" if others else unit


_ONE = "|".join(_guarded(unit) for unit in _ALL)
# Units made of units: 人/百亿元, 元/人·年, 份/天.
PER = rf"/(?:10万|[十百千万亿]{{0,2}}(?:{_ONE}|年|月|日|天|周|季度|千人|人·年|人·月|L|l))(?:·[年月日天次])?"
UNIT = rf"(?:{_ONE})(?:{PER})?|{PER}"


def is_measure(unit: str) -> bool:
    """Whether a unit measures an amount of something rather than counts things.

    >>> is_measure("元/人"), is_measure("家"), is_measure("/10万")
    (True, False, True)
    """
    return unit == "" or "/" in unit or unit in _MEASURE_UNITS
