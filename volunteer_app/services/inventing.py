"""Synthetic people for the demo instance: the same ones each time, and nobody's real number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, TypeVar

from stdnum.cn import ric

from ..domain.regions import REGIONS
from ..domain.vocabulary import (
    ETHNICITIES,
    Availability,
    Declaration,
    Education,
    Gender,
    IdType,
    PoliticalStatus,
    ServiceArea,
)

Choice = TypeVar("Choice")

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂芳玉萍鑫红玲华建国志伟晓燕海云春梅小雨"
    "文博思远子涵雅琴立新永福德胜瑞雪凤仙慧欣"
)
#: Names that programs get wrong: two characters, two surnames, a middle dot, rare ideographs.
RARE_NAMES = (
    "乔磊", "刘䶮", "欧阳·𠮷", "阿依古丽·买买提", "司马青云", "张𠮷生", "王㛃", "诸葛明兰",
    "巴图尔·阿布都热西提", "于是", "李〇一", "马合木提·热合曼", "上官婉清", "卓玛", "陈喆䶮",
    "尉迟敬山", "高兴", "次仁旺堆", "段誉䘵", "孟𬀩",
)  # fmt: skip
_OCCUPATIONS = (
    "教师", "会计", "个体经营", "退休", "工程师", "护士", "律师", "农民", "司机", "检验员",
    "公务员", "超市店员", "记者", "学生", "社区工作者",
)  # fmt: skip
_EMPLOYERS = (
    "", "某县实验小学", "某市人民医院", "某食品检验所", "某律师事务所", "某社区居委会",
    "某超市", "",
)  # fmt: skip
SPECIALITIES = (
    "食品检验二十年，有高级工程师证。",
    "汽车维修三十年，有高级技师证，参加过质量鉴定。",
    "从事法律工作二十五年，长期办理消费纠纷案件。",
    "家用电器维修三十年，能判断故障原因。",
    "中学化学教师，退休后讲授日用品安全。",
)
_EXPERIENCES = (
    "",
    "学过消费者权益保护法，帮邻居调解过两次退货纠纷。",
    "参加过3·15宣传活动，会用12315平台。",
    "",
    "在社区讲过预付卡消费的风险。",
)
#: The first six digits are those of no county, so that the number is nobody's.
_NO_COUNTY = {
    IdType.RESIDENT_ID: "149900",
    IdType.HK_MACAO_PERMIT: "810000",
    IdType.TAIWAN_PERMIT: "830000",
    IdType.FOREIGN_PERMIT: "999999",
}


def draw(choices: Sequence[Choice], number: int, about: str) -> Choice:
    """One of them: by person and topic, always the same, with no pattern to be seen."""
    digest = sha256(f"{about}:{number}".encode()).digest()
    return choices[int.from_bytes(digest[:8], "big") % len(choices)]


def invent(
    number: int, *, age: int, on: dt.date, education: Education | None = None, speciality: str = ""
) -> dict[str, Any]:
    """The answers of person `number`, as a draft keeps them, who is `age` on that day."""
    region = REGIONS[number % len(REGIONS)]
    gender = draw(list(Gender), number, "gender")
    return (
        _identity(number, _birth_date(number, age, on), gender)
        | {
            "name": _name(number),
            "ethnicity": "汉族" if number % 9 else draw(ETHNICITIES[1:], number, "ethnicity"),
            "phone": f"199{number:08d}",
            "email": f"person{number}@example.com" if number % 3 else "",
            "wechat": "",
            "region": region.code,
            "county": draw(region.counties, number, "county").code,
            "address": f"某街道{number}号" if number % 4 else "",
            "speciality": speciality,
        }
        | _career(number, age, education)
        | _wishes(number)
        | {declaration.value: True for declaration in Declaration}
        | {"consent": True, "consent_sensitive": True, "consent_public": bool(number % 5)}
    )


def _name(number: int) -> str:
    if number % 7 == 0:
        return RARE_NAMES[number // 7 % len(RARE_NAMES)]
    surname, first = draw(_SURNAMES, number, "surname"), draw(_GIVEN, number, "first")
    return surname + first + (draw(_GIVEN, number, "second") if number % 5 else "")


def _birth_date(number: int, age: int, on: dt.date) -> dt.date:
    """Somewhere in the year of life before that day."""
    latest = dt.date(on.year - age, on.month, min(on.day, 28))
    return latest - dt.timedelta(days=draw(range(360), number, "birthday"))


def _identity(number: int, born: dt.date, gender: Gender) -> dict[str, Any]:
    if number % 41 == 0:
        return {
            "id_type": IdType.PASSPORT.value,
            "id_number": f"E{number:08d}",
            "birth_date": born.isoformat(),
            "gender": gender.value,
        }
    rarer = [IdType.HK_MACAO_PERMIT, IdType.TAIWAN_PERMIT, IdType.FOREIGN_PERMIT]
    id_type = IdType.RESIDENT_ID if number % 23 else draw(rarer, number, "paper")
    return {
        "id_type": id_type.value,
        "id_number": id_number(_NO_COUNTY[id_type], born, number, gender),
    }


def id_number(county: str, born: dt.date, number: int, gender: Gender) -> str:
    """18 characters with a right check character; `number` tells people of one birthday apart."""
    order = number % 499 * 2 + (1 if gender is Gender.MALE else 2)
    first = f"{county}{born:%Y%m%d}{order:03d}"
    return first + ric.calc_check_digit(first + "0")


def _career(number: int, age: int, education: Education | None) -> dict[str, Any]:
    usual = [level for level in Education if level.reaches(Education.SENIOR_HIGH)]
    retired = age >= 60
    return {
        "education": (education or draw(usual, number, "education")).value,
        "political_status": draw(list(PoliticalStatus), number, "political").value,
        "occupation": "退休" if retired else draw(_OCCUPATIONS, number, "occupation"),
        "employer": draw(_EMPLOYERS, number, "employer"),
        "job_title": "",
    }


def _wishes(number: int) -> dict[str, Any]:
    areas, times = list(ServiceArea), list(Availability)
    first = draw(range(len(areas)), number, "area")
    return {
        "service_areas": [area.value for area in areas[first : first + 1 + number % 3]],
        "availability": [time.value for time in times[number % 4 :][: 1 + number % 2]],
        "experience": draw(_EXPERIENCES, number, "experience"),
    }
