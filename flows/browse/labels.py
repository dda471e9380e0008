"""Chinese words for the archive's codes, shown before the code itself."""

from __future__ import annotations

LABELS = {
    # report_types
    "annual": "年度总结",
    "half": "半年总结",
    "quarter": "季度总结",
    "month": "月度总结",
    "multi": "多年总结",
    "special": "专题",
    "plan": "计划",
    "gwr": "政府工作报告",
    "duty": "述职",
    "lawgov": "法治政府",
    "disclosure": "信息公开",
    # sector
    "health": "卫生健康",
    "education": "教育",
    "civil_affairs": "民政",
    "public_security": "公安",
    "justice": "司法",
    "finance": "财政",
    "hr_social": "人社",
    "natural_resources": "自然资源",
    "ecology": "生态环境",
    "housing": "住建",
    "transport": "交通",
    "water": "水利",
    "agri": "农业农村",
    "forestry": "林业",
    "commerce": "商务",
    "industry": "工信",
    "development": "发改",
    "science": "科技",
    "culture_tourism": "文旅",
    "emergency": "应急",
    "market": "市场监管",
    "audit": "审计",
    "statistics": "统计",
    "medical_insurance": "医保",
    "veterans": "退役军人",
    "petition": "信访",
    "data": "数据",
    "discipline": "纪检监察",
    "tax": "税务",
    "finance_banking": "金融",
    "party": "党委",
    "congress": "人大",
    "cppcc": "政协",
    "court": "法院",
    "procuratorate": "检察",
    "mass_organization": "群团",
    "ethnic_religious": "民族宗教",
    "government": "政府",
    "enterprise": "企业",
    # relations of two texts
    "same": "相同",
    "contains": "包含",
    "part_of": "属于",
    "edition": "不同年版",
    "overlaps": "部分重合",
    # runs, figures, whether the claimed year can be true
    "done": "正常",
    "red": "异常",
    "crashed": "中断",
    "running": "运行中",
    "actual": "实绩",
    "target": "目标",
    "estimate": "预计",
    "ok": "可信",
    "conflict": "矛盾",
    "unknown": "未定",
    # provenance
    "official": "官方",
    "mirror": "镜像",
    "sharing": "文库转载",
    "preview": "预览",
    "template": "范文模板",
}


def labelled(code: str | None) -> str:
    """A code with its Chinese word before it, where there is one.

    >>> labelled("annual"), labelled("429006"), labelled(None)
    ('年度总结 annual', '429006', '')
    """
    word = LABELS.get(code or "")
    return f"{word} {code}" if word else code or ""
