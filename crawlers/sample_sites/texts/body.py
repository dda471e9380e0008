"""The body of a report: opening, sections with figures, problems, plan."""

from __future__ import annotations

from crawlers.sample_sites.texts.writer import Writer

NUMERALS = "一二三四五六七八九十"


def annual(writer: Writer) -> list[str]:
    """总结 of a year and the plan for the next."""
    year, next_year = writer.year, writer.year + 1
    return [
        _opening(writer, f"{year}年，", "guide"),
        f"一、{year}年主要工作开展情况",
        *_epidemic(writer),
        *_done(writer, 3),
        "二、存在的主要问题",
        *_problems(writer),
        f"三、{next_year}年工作{writer.rng.choice(('思路', '计划', '打算'))}",
        f"{next_year}年，{writer.agency.unit}将紧紧围绕{writer.agency.leaders}决策部署，重点抓好以下工作：",
        *_planned(writer, next_year, 2),
    ]


def half(writer: Writer) -> list[str]:
    """总结 of January to June and the plan for the rest of the year."""
    return [
        _opening(writer, f"今年以来，{writer.agency.unit}", "half"),
        "一、上半年工作完成情况",
        *_epidemic(writer),
        *_done(writer, 2),
        "二、存在的问题和不足",
        *_problems(writer)[:3],
        "三、下半年工作打算",
        *_planned(writer, writer.year, 1),
    ]


def plan(writer: Writer) -> list[str]:
    """要点 of a year: a glance back, then what is to be done."""
    agency, year = writer.agency, writer.year
    last = writer.era(year - 1)  # a plan is written in January, with the words of the year before
    lines = [
        f"{year}年{agency.area}{agency.theme}工作的总体要求是：{last['guide']}，落实{agency.leaders}工作要求，"
        f"稳中求进、守正创新，推动{agency.theme}工作再上新台阶。",
        f"一、{year - 1}年工作回顾",
        "".join(writer.say(writer.in_turn(topic["done"], 1)[0]) for topic in writer.topics),
        f"二、{year}年重点工作",
    ]
    for numeral, topic in zip(NUMERALS, writer.topics, strict=False):
        lines.append(f"（{numeral}）{writer.rng.choice(topic['heading'])}")
        sentences = [writer.say(sentence) for sentence in topic["plan"]] + writer.promised(topic, year)
        lines += [f"{i}.{sentence}" for i, sentence in enumerate(sentences, 1)]
    return [*lines, "三、工作要求", *_demands(writer)]


def _demands(writer: Writer) -> list[str]:
    agency = writer.agency
    demands = [
        f"加强组织领导。{agency.unit}各科室（站所）要对照要点细化措施，明确责任人和完成时限，每月{{3-8}}日前报送进展。",
        "强化督查考核。把重点任务纳入年度绩效考评，实行月通报、季调度，对推进不力的{1-5}个方面重点约谈提醒。",
        "注重宣传引导。及时总结推广经验做法，全年编发信息{60-180}条，在市级以上媒体刊发稿件{20-90}篇。",
        "守牢廉洁底线。严格执行中央八项规定及其实施细则精神，坚决防止项目建设和资金使用中的廉政风险。",
    ]
    return [f"（{numeral}）{writer.say(demand)}" for numeral, demand in zip(NUMERALS, demands, strict=False)]


def _opening(writer: Writer, start: str, key: str) -> str:
    era, agency = writer.era(writer.year), writer.agency
    helped = writer.rng.choice(("坚强领导", "正确领导"))
    above = writer.rng.choice(("上级主管部门的精心指导", "上级业务部门的大力支持"))
    events = "，".join(writer.say(event) for event in era["events"]) if key == "guide" else ""
    work = f"{agency.area}{agency.theme}各项工作取得新进展"
    return (
        f"{start}在{agency.leaders}的{helped}和{above}下，{era[key]}，"
        f"{events + '，' if events else ''}{work}。现将有关情况报告如下："
    )


def _epidemic(writer: Writer) -> list[str]:
    sentence = writer.era(writer.year).get("epidemic")
    return [writer.say(sentence)] if sentence else []


def _done(writer: Writer, count: int) -> list[str]:
    lines = []
    for numeral, topic in zip(NUMERALS, writer.topics, strict=False):
        lines.append(f"（{numeral}）{writer.rng.choice(topic['heading'])}")
        sentences = [writer.say(sentence) for sentence in writer.in_turn(topic["done"], count)]
        sentences += writer.achieved(topic)
        if numeral in "二四":  # every report numbers some of its paragraphs and runs the others together
            lines += [f"{i}.{sentence}" for i, sentence in enumerate(sentences, 1)]
        else:
            lines.append("".join(sentences))
    return lines


def _problems(writer: Writer) -> list[str]:
    return [
        f"{numeral}是{writer.say(line)}" for numeral, line in zip(NUMERALS, writer.problems, strict=False)
    ]


def _planned(writer: Writer, year: int, count: int) -> list[str]:
    lines = []
    for numeral, topic in zip(NUMERALS, writer.topics, strict=False):
        sentences = "".join(writer.say(sentence) for sentence in writer.in_turn(topic["plan"], count))
        sentences += "".join(writer.promised(topic, year))
        lines.append(f"（{numeral}）{sentences}")
    return lines
