"""What stands beside reports in the same columns and is none: notices, meeting news, recruitment."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Literal

from crawlers.sample_sites.texts.agencies import Agency


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that is not a report, though its title may speak of one."""

    kind: Literal["notice", "news"]
    title: str
    paragraphs: tuple[str, ...]
    published_on: date


def notices(agency: Agency, year: int) -> tuple[Notice, ...]:
    """Four pages of a year: a call for reports, a meeting notice, news of that meeting, a recruitment."""
    rng = random.Random(f"{agency.name}/notices/{year}")
    return (
        _call_for_reports(agency, year, rng),
        _meeting_notice(agency, year, rng),
        _meeting_news(agency, year, rng),
        _recruitment(agency, year, rng),
    )


def _signed(agency: Agency, on: date) -> tuple[str, str]:
    return agency.name, f"{on.year}年{on.month}月{on.day}日"


def _call_for_reports(agency: Agency, year: int, rng: random.Random) -> Notice:
    on = date(year, 11, rng.randint(8, 26))
    body = (
        "各科室、局属各单位：",
        f"为做好年终收尾工作，现就报送{year}年工作总结和{year + 1}年工作计划有关事项通知如下：",
        f"一、报送时间。请于{year}年12月{rng.randint(5, 15)}日前将电子版报送办公室，逾期不予受理。",
        "二、有关要求。总结要实事求是、文字精练，篇幅控制在3000字以内，经分管领导审签后报送。",
        f"联系人：何{rng.choice('敏强静')}，联系电话：{rng.randint(5520000, 5529999)}。",
        *_signed(agency, on),
    )
    return Notice("notice", f"关于报送{year}年工作总结及{year + 1}年工作计划的通知", body, on)


def _meeting_notice(agency: Agency, year: int, rng: random.Random) -> Notice:
    on = date(year, 2, rng.randint(5, 25))
    body = (
        "局属各单位，机关各科室：",
        f"经研究，定于{year}年3月{rng.randint(1, 9)}日上午9时召开{year}年{agency.area}{agency.theme}工作会议，会期半天。",
        f"会议地点：{agency.region}会议中心{rng.randint(2, 5)}楼会议室。参会人员：局班子成员，各单位主要负责人。",
        "请参会人员提前15分钟入场，会议期间将手机调至静音状态，原则上不得请假。",
        *_signed(agency, on),
    )
    return Notice("notice", f"关于召开{year}年{agency.area}{agency.theme}工作会议的通知", body, on)


def _meeting_news(agency: Agency, year: int, rng: random.Random) -> Notice:
    on = date(year, 3, rng.randint(10, 20))
    body = (
        f"本网讯（通讯员 {rng.choice('周吴郑王')}{rng.choice(('晓燕', '建国', '文博'))}）{on.month}月{on.day - 1}日，"
        f"{year}年{agency.area}{agency.theme}工作会议在{agency.region}召开，会议总结了{year - 1}年工作，安排部署了今年任务。",
        f"会议指出，过去一年{agency.theme}系统干部职工迎难而上，成绩值得肯定。会议强调，要认清形势、坚定信心，以更大力度抓好落实。",
        f"会上，{rng.choice(agency.places)}等{rng.randint(3, 6)}个单位作了交流发言，与会人员观看了专题片。",
    )
    return Notice("news", f"{year}年{agency.area}{agency.theme}工作会议召开", body, on)


def _recruitment(agency: Agency, year: int, rng: random.Random) -> Notice:
    on = date(year, 5, rng.randint(6, 24))
    body = (
        f"根据工作需要，{agency.name}下属事业单位面向社会公开招聘工作人员{rng.randint(3, 18)}名，现将有关事项公告如下：",
        "一、招聘条件。具有中华人民共和国国籍，遵纪守法，年龄在35周岁以下，具备岗位所需的专业和学历。",
        f"二、报名方式。报名时间为{on.month + 1}月1日至5日，携带身份证、毕业证原件及复印件到现场报名。",
        "三、考试考核。采取笔试和面试相结合的方式，总成绩按各占50%计算，从高分到低分确定体检人员。",
        *_signed(agency, on),
    )
    return Notice("notice", f"{agency.name}{year}年公开招聘工作人员公告", body, on)
