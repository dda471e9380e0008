"""The invented agencies whose work the sample sites report on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """One office that writes reports. `sector` names its bank of sentences in `banks/`."""

    name: str  # 云河县卫生健康局
    sector: str
    region: str  # 云河县
    area: str  # 全县: what its reports call the place
    unit: str  # 我局: what its reports call the office
    theme: str  # 卫生健康: what its titles call the work
    doc_prefix: str  # 云卫健发: the head of its document numbers
    leaders: str  # 县委、县政府
    places: tuple[str, ...]  # towns and streets that its reports name


_YUNHE = ("双溪镇", "松岭镇", "枫树坳乡", "石板滩镇", "梅子垭镇", "龙泉湾乡")
_QINGLING = ("望江", "城北", "柳林", "东湖", "凤凰台", "新桥")
_SHIQIAO = ("临河街道", "北苑街道", "桂花园街道", "清水桥街道", "红星街道")
_TOWN = ("栗子坪", "杨家湾", "上河口", "大屋场", "茶园冲", "竹山")

HEALTH = Agency(
    "云河县卫生健康局", "health", "云河县", "全县", "我局", "卫生健康", "云卫健发", "县委、县政府", _YUNHE
)
EDUCATION = Agency(
    "青岭市教育局", "education", "青岭市", "全市", "我局", "教育", "青教发", "市委、市政府", _QINGLING
)
CIVIL = Agency("石桥区民政局", "civil", "石桥区", "全区", "我局", "民政", "石民发", "区委、区政府", _SHIQIAO)
TOWN = Agency(
    "青石河镇人民政府", "township", "青石河镇", "全镇", "我镇", "政府", "青石政发", "县委、县政府", _TOWN
)
WATER = Agency("云河县水利局", "water", "云河县", "全县", "我局", "水利", "云水发", "县委、县政府", _YUNHE)
MARKET = Agency(
    "石桥区市场监督管理局",
    "market",
    "石桥区",
    "全区",
    "我局",
    "市场监管",
    "石市监发",
    "区委、区政府",
    _SHIQIAO,
)
AGRICULTURE = Agency(
    "青岭市农业农村局",
    "agriculture",
    "青岭市",
    "全市",
    "我局",
    "农业农村",
    "青农发",
    "市委、市政府",
    _QINGLING,
)
