"""Work reports of our own making, in the manner of the field: invented places, random figures, any number of them."""

from __future__ import annotations

import random
import re

_TOPICS = [
    "乡村振兴",
    "基层卫生",
    "义务教育",
    "养老服务",
    "河湖治理",
    "安全生产",
    "招商引资",
    "公共交通",
    "粮食生产",
    "职业培训",
    "文化惠民",
    "住房保障",
    "市场监管",
    "森林防火",
    "数字政务",
    "应急救援",
    "水利建设",
    "社区治理",
    "法律援助",
    "旅游开发",
    "医疗保障",
    "残疾帮扶",
    "退役安置",
    "园区建设",
]
_ACTS = [
    "深入推进",
    "全面落实",
    "持续加强",
    "稳步提升",
    "着力破解",
    "统筹安排",
    "扎实开展",
    "不断完善",
    "有序组织",
    "认真谋划",
    "大力实施",
    "积极探索",
]
_THINGS = [
    "重点项目",
    "服务网点",
    "培训基地",
    "巡查制度",
    "考核办法",
    "信息平台",
    "示范工程",
    "专项行动",
    "长效机制",
    "人才队伍",
    "资金管理",
    "台账清单",
    "试点经验",
    "便民窗口",
    "联动预案",
    "监测站点",
]
_WAYS = [
    "通过挂图作战",
    "采取包保到户",
    "坚持分类施策",
    "依托网格力量",
    "对照问题清单",
    "联合相关部门",
    "引入社会资本",
    "压实镇村责任",
    "借助专家指导",
    "围绕群众需求",
]
_UNITS = ["个", "处", "场次", "人次", "万元", "公里", "户", "家"]
_PLACES = ["云岭县", "青溪县", "石湖区", "南浦区", "白杨市", "双桥县", "临泽区", "望海市"]
_NAME_LETTERS = "山水云石林泉溪河湖塘坝坪岭坡沟湾桥亭塔寺观庙堡寨屯营铺店集场圩墟港渡浦洲岛屿峰崖谷洞井田园圃柳杨松柏槐榆桃李梅兰竹菊荷莲稻麦"
BOILERPLATE = (
    "在县委、县政府的坚强领导下，在上级主管部门的精心指导下，全局上下凝心聚力、真抓实干，各项工作取得了新的成效。",
    "严格落实意识形态工作责任制，牢牢掌握意识形态工作的领导权和主动权，营造风清气正的良好政治生态。",
    "在肯定成绩的同时，我们也清醒地认识到，工作中还存在一些困难和问题，与群众的期盼还有一定差距。",
    "加强组织领导，明确责任分工，细化工作举措，强化督促检查，确保各项目标任务落到实处、见到实效。",
)


def village(rng: random.Random) -> str:
    """A name that hardly any other sentence has."""
    return "".join(rng.choices(_NAME_LETTERS, k=3))


def sentence(rng: random.Random) -> str:
    """One sentence with two figures."""
    topic, act, thing, way = (rng.choice(words) for words in (_TOPICS, _ACTS, _THINGS, _WAYS))
    return (
        f"{act}{village(rng)}{topic}{village(rng)}{thing}，{way}，{village(rng)}新增{rng.choice(_THINGS)}"
        f"{rng.randrange(3, 900)}{rng.choice(_UNITS)}，{village(rng)}较上年{rng.choice(('增长', '提高', '改善'))}"
        f"{rng.uniform(1, 40):.1f}%。"
    )


def report(seed: int, n_sentences: int = 40, year: int = 2023) -> str:
    """A report; another seed shares nothing with it but turns of phrase and the boilerplate."""
    rng = random.Random(seed)
    place = rng.choice(_PLACES)
    body = "".join(sentence(rng) + ("\n" if i % 5 == 4 else "") for i in range(n_sentences))
    return f"{place}{rng.choice(_TOPICS)}工作总结\n{BOILERPLATE[0]}\n{year}年，{body}\n{BOILERPLATE[3]}\n"


def other_figures(text: str, seed: int = 0) -> str:
    """The same words with other figures: what a hasty office hands in the year after."""
    rng = random.Random(seed)
    return re.sub(r"\d+(?:\.\d+)?", lambda m: _another(m.group(), rng), text)


def masked(text: str, mask: str = "XX", keep: float = 0.0, seed: int = 0) -> str:
    """The text with its figures masked, as sharing sites do; `keep` is the share of figures left."""
    rng = random.Random(seed)
    return re.sub(r"\d+(?:\.\d+)?", lambda m: m.group() if rng.random() < keep else mask, text)


def redated(text: str, years: int = 3) -> str:
    """The text with every year moved."""
    return re.sub(r"(?:19|20)\d\d(?=年)", lambda m: str(int(m.group()) + years), text)


def with_chrome(text: str, share: float, seed: int = 0) -> str:
    """The text between lists of links, together `share` of its length: what extraction left in."""
    rng = random.Random(seed)
    lines: list[str] = []
    while sum(map(len, lines)) < share * len(text):
        lines.append(f"{rng.choice(_PLACES)}{rng.choice(_TOPICS)}{rng.randrange(2012, 2024)}年工作总结")
    half = len(lines) // 2
    return "\n".join(["首页 > 范文 > 工作总结", *lines[:half], text, "相关文章", *lines[half:]])


def _another(figure: str, rng: random.Random) -> str:
    if figure.isdigit() and len(figure) == 4 and figure.startswith("20"):
        return str(int(figure) + 1)
    return f"{float(figure) * 1.3 + rng.randrange(1, 9):.1f}" if "." in figure else str(int(figure) * 2 + 1)
