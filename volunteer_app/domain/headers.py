"""Columns of a nominee spreadsheet: which answer a header asks for, however it is written."""

from __future__ import annotations

import re
import unicodedata

from .fields import BY_NAME, FIELDS, Section

#: The answers a unit gives of a nominee, in the order of the catalogue.
COLUMNS = tuple(field for field in FIELDS if field.section is not Section.PLEDGES)
#: Columns without which no row can be right; the others may be missing.
REQUIRED = (
    "name",
    "id_number",
    "ethnicity",
    "phone",
    "region",
    "county",
    "education",
    "political_status",
    "occupation",
    "service_areas",
    "availability",
)
#: The column that a returned sheet has more; it is ignored when it comes back.
FAULTS = "错误说明"

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】")
_SIGNS = re.compile(r"[\s*＊※:：;；,，.。、/]|必填|选填")
_ALSO = {
    "name": ("被推荐人", "被推荐人姓名", "名字"),
    "id_type": ("证件种类", "证件名称"),
    "id_number": ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号", "居民身份证号码"),
    "birth_date": ("出生年月日", "出生年月", "生日"),
    "phone": ("手机", "手机号", "联系电话", "电话", "联系方式", "电话号码", "移动电话"),
    "email": ("邮箱", "电子邮件", "邮箱地址", "email", "e-mail"),
    "wechat": ("微信",),
    "region": ("所在市", "市", "地市", "报名地市", "报名地所在地市"),
    "county": ("所在县", "县", "县区", "区县", "县市区", "报名地所在县市区", "所在县市区"),
    "address": ("地址", "联系地址", "通讯地址", "家庭住址", "住址"),
    "education": ("学历", "文化程度"),
    "employer": ("单位", "单位名称", "所在单位"),
    "job_title": ("职务", "职称", "职务职称", "职务和职称"),
    "service_areas": ("服务领域", "服务意向"),
    "availability": ("服务时间", "可服务的时间"),
    "speciality": ("特长", "专长"),
    "experience": ("经历", "维权经历"),
}


def plain(text: str) -> str:
    """A header or a word as it is compared: half-width, without asides, spaces and marks."""
    return _SIGNS.sub("", _ASIDE.sub("", unicodedata.normalize("NFKC", text))).lower()


def field_of(header: str) -> str | None:
    """The name of the answer, None for a column that is none of ours."""
    return _FIELDS.get(plain(header))


def label_of(name: str) -> str:
    return BY_NAME[name].label


_FIELDS = {plain(field.label): field.name for field in COLUMNS} | {
    plain(word): name for name, words in _ALSO.items() for word in words
}
