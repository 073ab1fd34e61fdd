"""Everyday words for closed answers, as people write them in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import regions
from .headers import plain
from .vocabulary import (
    ETHNICITIES,
    Availability,
    Education,
    Gender,
    IdType,
    Labelled,
    PoliticalStatus,
    ServiceArea,
)

#: What stands in a cell where nothing is meant.
NOTHING = frozenset(
    {"", "无", "没有", "暂无", "未填", "-", "--", "—", "——", "/", "\\", "0", "none"}
)
_BETWEEN = re.compile(r"[、，,;；/|\n\r\t +＋和及]+")

_EDUCATION = {
    Education.PRIMARY: "小学 文盲 半文盲 小学毕业",
    Education.JUNIOR_HIGH: "初级中学 初中毕业",
    Education.SENIOR_HIGH: "高级中学 高中毕业 普通高中",
    Education.VOCATIONAL: (
        "中专 职高 技校 中职 中技 职业高中 中等专业学校 技工学校 中等职业学校 中师"
    ),
    Education.COLLEGE: "专科 大学专科 高职 高专 大专毕业 大专学历 高等专科",
    Education.BACHELOR: ("大学本科 大学 学士 本科毕业 全日制本科 在职本科 双学士 本科学历 大本"),
    Education.MASTER: "研究生 硕士研究生 硕士学位 在职研究生",
    Education.DOCTOR: "博士研究生 博士学位 博士后",
}
_POLITICAL = {
    PoliticalStatus.MASSES: "普通群众 一般群众",
    PoliticalStatus.PARTY_MEMBER: "党员 中共党员 中国共产党党员 预备党员 中共预备党员 共产党员",
    PoliticalStatus.LEAGUE_MEMBER: "团员 共青团 中国共青团员 青年团员",
    PoliticalStatus.DEMOCRATIC_PARTY: (
        "民革 民盟 民建 民进 农工党 致公党 九三学社 台盟 民革党员 民盟盟员 民建会员 民进会员 "
        "农工党党员 致公党党员 九三学社社员 台盟盟员 民主党派人士"
    ),
    PoliticalStatus.NO_PARTY: "无党派 无党派民主人士",
}
_ID_TYPE = {
    IdType.RESIDENT_ID: "身份证 二代身份证 中国居民身份证 第二代居民身份证 居民身份证号",
    IdType.HK_MACAO_PERMIT: "港澳居住证 港澳台居民居住证",
    IdType.TAIWAN_PERMIT: "台湾居住证",
    IdType.FOREIGN_PERMIT: "外国人永久居留证 永久居留身份证 永居证",
    IdType.PASSPORT: "中国护照 外国护照 普通护照",
    IdType.OTHER: "其他 其它 其它证件",
}
_GENDER = {Gender.FEMALE: "女性 女士 f", Gender.MALE: "男性 男士 先生 m"}
_AREAS = {
    ServiceArea.GOODS: "商品 商品质量监督 商品质量",
    ServiceArea.SERVICES: "服务 服务质量监督 服务质量",
    ServiceArea.EDUCATION: "消费教育 宣传 消费宣传 宣传教育 消费教育和宣传",
    ServiceArea.MEDIATION: "调解 调解消费纠纷 消费纠纷调解 纠纷调解 消费调解",
    ServiceArea.SURVEY: "消费调查 消费体验 调查体验 消费调查和体验 调查",
    ServiceArea.PUBLIC_OPINION: "网络监督 网络消费 舆论监督 网络",
}
_TIMES = {
    Availability.WEEKDAY: "白天 工作日的白天 平时白天",
    Availability.EVENING: "晚上 工作日的晚上 夜间 平时晚上",
    Availability.WEEKEND: "双休日 周六日 星期六日 周六周日 礼拜天",
    Availability.HOLIDAY: "假日 法定节假日 节日 假期",
}
_EVERYTHING = frozenset({"全部", "都可以", "均可", "随时", "不限", "所有", "都行", "皆可", "任意"})


def _table(choices: type[Labelled], words: Mapping[Any, str]) -> dict[str, str]:
    own = {plain(member.label): member.value for member in choices}
    return own | {
        plain(word): member.value for member, text in words.items() for word in text.split()
    }


_ONE = {
    "education": _table(Education, _EDUCATION),
    "political_status": _table(PoliticalStatus, _POLITICAL),
    "id_type": _table(IdType, _ID_TYPE),
    "gender": _table(Gender, _GENDER),
    "ethnicity": {
        plain(word): name for name in ETHNICITIES for word in (name, name.removesuffix("族"))
    },
}
_SEVERAL = {
    "service_areas": _table(ServiceArea, _AREAS),
    "availability": _table(Availability, _TIMES),
}
LABELS = {
    "education": Education,
    "political_status": PoliticalStatus,
    "id_type": IdType,
    "gender": Gender,
    "service_areas": ServiceArea,
    "availability": Availability,
}


def one(name: str, text: str) -> str | None:
    """The value that a word means; None for a word that is none of the list."""
    return _ONE[name].get(plain(text))


def several(name: str, text: str) -> tuple[list[str], list[str]]:
    """The values, each once, and the words that are none of the list."""
    table = _SEVERAL[name]
    if plain(text) in _EVERYTHING:
        return list(dict.fromkeys(table.values())), []
    whole = plain(text) in table
    words = [text] if whole else [word for word in _BETWEEN.split(text) if plain(word)]
    values = dict.fromkeys(table[plain(word)] for word in words if plain(word) in table)
    return list(values), [word for word in words if plain(word) not in table]


def region(text: str) -> str | None:
    """The code of a prefecture, with or without 山西省 before it and 市 after it."""
    return _REGIONS.get(plain(text).removeprefix("山西省").removeprefix("山西"))


def county(text: str, region_code: str | None) -> str | None:
    """The code of a county: of that prefecture if it has one of that name, else the only one in
    the province."""
    word = plain(text).removeprefix("山西省").removeprefix("山西")
    for code, names in _REGION_NAMES.items():
        for name in names:
            if word.startswith(name) and word != name and _counties(word[len(name) :]):
                word, region_code = word[len(name) :], code
                break
    found = _counties(word)
    inside = [code for code in found if region_code and code[:4] == region_code[:4]]
    if len(inside or found) == 1:
        return (inside or found)[0]
    return None


def _counties(word: str) -> list[str]:
    return _COUNTIES.get(word) or _SHORT_COUNTIES.get(word) or []


_REGIONS = {
    name: each.code for each in regions.REGIONS for name in (plain(each.name), plain(each.short))
}
_REGION_NAMES = {each.code: (each.name, each.short) for each in regions.REGIONS}
_COUNTIES: dict[str, list[str]] = {}
_SHORT_COUNTIES: dict[str, list[str]] = {}
for _region in regions.REGIONS:
    for _county in _region.counties:
        _COUNTIES.setdefault(plain(_county.name), []).append(_county.code)
        if len(_county.name) > 2:
            _SHORT_COUNTIES.setdefault(plain(_county.name[:-1]), []).append(_county.code)
