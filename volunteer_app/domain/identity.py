"""Numbers that say who or what somebody is: papers, phone, e-mail, a unit's credit code."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from stdnum.cn import ric, uscc

from .refusal import Invalid
from .text import clean_digits, clean_line, clean_number, shown
from .vocabulary import Gender, IdType

#: How an 18-character number of each type begins; a resident's begins with a county instead.
_BEGINNINGS = {
    IdType.RESIDENT_ID: ("",),
    IdType.HK_MACAO_PERMIT: ("810000", "820000"),
    IdType.TAIWAN_PERMIT: ("830000",),
    IdType.FOREIGN_PERMIT: ("9",),
}
EIGHTEEN_CHARACTERS = frozenset(_BEGINNINGS)
_NAMES = {
    IdType.RESIDENT_ID: "身份证号码",
    IdType.HK_MACAO_PERMIT: "港澳居民居住证号码",
    IdType.TAIWAN_PERMIT: "台湾居民居住证号码",
    IdType.FOREIGN_PERMIT: "外国人永久居留身份证号码",
    IdType.PASSPORT: "护照号码",
    IdType.OTHER: "证件号码",
}
_EARLIEST_YEAR = 1900
_LENGTH = 18
_OLD_LENGTH = 15
_PHONE_LENGTH = 11
_SHORTEST, _LONGEST = 4, 30
_USCC_ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_COUNTRY_PREFIX = re.compile(r"^(?:\+86|0086|86(?=[0-9]{11}$))")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True, kw_only=True)
class Identity:
    """`number` is the form to store; birth date and gender are None where it does not say."""

    id_type: IdType
    number: str
    birth_date: dt.date | None
    gender: Gender | None


def read_number(id_type: IdType, text: str, *, on: dt.date) -> Identity:
    """What the number of a paper says. `on` is today in Shanghai: nobody is born after it.

    The county in the number is never looked up: it is the one of the day of issue, and neither
    new nor withdrawn codes are in every table. Raises Invalid, field `id_number`.
    """
    if not clean_digits(text):
        raise _wrong_number(f"请填写{_NAMES[id_type]}")
    if id_type not in EIGHTEEN_CHARACTERS:
        return _read_free_form(id_type, clean_number(text))
    number = clean_digits(text)
    _check_length(id_type, number)
    _check_characters(id_type, number)
    _check_type(id_type, number)
    birth_date = _read_birth_date(number, on)
    if number[17] != ric.calc_check_digit(number):
        raise _wrong_number("校验码不符，请核对最后一位")
    gender = Gender.MALE if int(number[16]) % 2 else Gender.FEMALE
    return Identity(id_type=id_type, number=number, birth_date=birth_date, gender=gender)


def identity_key(id_type: IdType, number: str) -> str:
    """What the blind index is made of: equal for one paper, however its type was chosen.

    An 18-character number is unique by itself; any other only among papers of its type.
    """
    compact = "".join(filter(str.isalnum, clean_digits(number)))
    return compact if _EIGHTEEN.fullmatch(compact) else f"{id_type.value}:{compact}"


def last_four(number: str) -> str:
    """The last four letters or digits, as stored and as asked for in 查询进度."""
    return "".join(filter(str.isalnum, clean_digits(number)))[-4:]


def read_phone(text: str) -> str:
    """A mobile number of the mainland, 11 digits. Raises Invalid, field `phone`."""
    digits = _COUNTRY_PREFIX.sub("", clean_digits(text), count=1)
    if not digits:
        raise Invalid("请填写手机号码", field="phone")
    if digits.startswith("+"):
        raise Invalid("请填写中国内地的11位手机号码", field="phone")
    for character in digits:
        if character not in "0123456789":
            raise Invalid(f"手机号码只能是数字，请去掉{shown(character)}", field="phone")
    if len(digits) != _PHONE_LENGTH:
        raise Invalid(f"手机号码应为11位，您填了{len(digits)}位", field="phone")
    if not _MOBILE.fullmatch(digits):
        raise Invalid(f"手机号码应以13至19开头，您填的以{digits[:2]}开头，请核对", field="phone")
    return digits


_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?")


def read_telephone(text: str) -> str:
    """An office's number: a mobile, or a landline with its area code, such as 0351-4040000.

    Raises Invalid, field `phone`.
    """
    number = clean_number(text)
    if _LANDLINE.fullmatch(number):
        return number
    try:
        return read_phone(text)
    except Invalid as invalid:
        if number.startswith("1"):
            raise
        raise Invalid(
            "请填手机号码，或者带区号的固定电话，例如0351-4040000", field="phone"
        ) from invalid


def read_email(text: str) -> str:
    """An e-mail address, its domain lower-cased and in ASCII. Raises Invalid, field `email`."""
    address = unicodedata.normalize("NFKC", clean_line(text)).strip()
    if cause := _email_cause(address):
        raise Invalid(cause, field="email")
    try:
        return _valid_address(address)
    except EmailNotValidError:
        local, domain = address.split("@")
    try:
        _valid_address(f"{local}@example.com")
    except EmailNotValidError:
        cause = f"邮箱地址@前面的“{local}”不能用作邮箱名，请核对"
    else:
        cause = f"邮箱地址@后面的“{domain}”不是有效的域名，请核对，例如163.com"
    raise Invalid(cause, field="email")


def read_uscc(text: str) -> str:
    """A unit's 统一社会信用代码, those of village collectives (N1…) too.

    Raises Invalid, field `uscc`.
    """
    code = clean_digits(text)
    if not code:
        raise Invalid("请填写统一社会信用代码", field="uscc")
    if len(code) != _LENGTH:
        raise Invalid(f"统一社会信用代码应为18位，您填了{len(code)}位", field="uscc")
    for place, character in enumerate(code, start=1):
        if character not in _USCC_ALPHABET:
            raise Invalid(
                "统一社会信用代码只有数字和大写字母，且不用I、O、S、V、Z，"
                f"请核对第{place}位的{shown(character)}",
                field="uscc",
            )
    if code[17] != uscc.calc_check_digit(code[:17]):
        raise Invalid("统一社会信用代码的校验码不符，请逐位核对", field="uscc")
    return code


def _wrong_number(message: str) -> Invalid:
    return Invalid(message, field="id_number")


def _check_length(id_type: IdType, number: str) -> None:
    if len(number) == _LENGTH:
        return
    if len(number) == _OLD_LENGTH and id_type is IdType.RESIDENT_ID and number.isdecimal():
        raise _wrong_number("15位的旧号码已停用，请填18位号码")
    if len(number) == _OLD_LENGTH and id_type is IdType.FOREIGN_PERMIT:
        raise _wrong_number("15位的旧证号码不能用于报名，请填新证上以9开头的18位号码")
    raise _wrong_number(f"{_NAMES[id_type]}应为18位，您填了{len(number)}位")


def _check_characters(id_type: IdType, number: str) -> None:
    for place, character in enumerate(number[:17], start=1):
        if character not in "0123456789":
            raise _wrong_number(
                f"{_NAMES[id_type]}的前17位只能是数字，请核对第{place}位的{shown(character)}"
            )
    if number[17] not in "0123456789X":
        raise _wrong_number(f"{_NAMES[id_type]}的最后一位只能是数字或X，请核对{shown(number[17])}")


def _check_type(id_type: IdType, number: str) -> None:
    """The number must be of the chosen type; the sentence names the type it is of."""
    actual = _type_of(number)
    if actual is not id_type:
        raise _wrong_number(
            f"这是{actual.label}的号码，请核对号码，或把证件类型改为“{actual.label}”"
        )
    beginnings = _BEGINNINGS[id_type]
    if not number.startswith(beginnings):
        raise _wrong_number(f"{_NAMES[id_type]}应以{'或'.join(beginnings)}开头，请核对前6位")


def _type_of(number: str) -> IdType:
    if number.startswith(("81", "82")):
        return IdType.HK_MACAO_PERMIT
    if number.startswith("83"):
        return IdType.TAIWAN_PERMIT
    return IdType.FOREIGN_PERMIT if number.startswith("9") else IdType.RESIDENT_ID


def _read_birth_date(number: str, on: dt.date) -> dt.date:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    spoken = f"号码中的出生日期{year}年{month}月{day}日"
    try:
        born = dt.date(year, month, day)
    except ValueError:
        raise _wrong_number(f"{spoken}不存在，请核对第7至14位") from None
    if year < _EARLIEST_YEAR:
        raise _wrong_number(f"{spoken}早于{_EARLIEST_YEAR}年，请核对第7至14位")
    if born > on:
        raise _wrong_number(f"{spoken}还没有到，请核对第7至14位")
    return born


def _read_free_form(id_type: IdType, number: str) -> Identity:
    """Passports and the rest, as given. A number of the 18-character kind belongs elsewhere:
    there the birth date is read, here it would be asked, and could differ."""
    for character in number:
        if not (character in "0123456789-()/" or unicodedata.category(character)[0] == "L"):
            raise _wrong_number(
                f"{_NAMES[id_type]}只能有字母、数字和“-”“(”“)”“/”，请去掉{shown(character)}"
            )
    if not _SHORTEST <= len(number) <= _LONGEST:
        raise _wrong_number(
            f"{_NAMES[id_type]}应为{_SHORTEST}至{_LONGEST}位，您填了{len(number)}位"
        )
    compact = clean_digits(number)
    if _EIGHTEEN.fullmatch(compact) and compact[17] == ric.calc_check_digit(compact):
        _check_type(id_type, compact)
    return Identity(id_type=id_type, number=number, birth_date=None, gender=None)


def _email_cause(address: str) -> str | None:
    """The slips people make most, each with its own sentence; the first that applies."""
    local, _, domain = address.partition("@")
    slips = (
        (not address, "请填写邮箱地址"),
        (any(map(str.isspace, address)), "邮箱地址中不能有空格，请去掉空格"),
        ("@" not in address, "邮箱地址中要有一个@，例如name@163.com"),
        ("@" in domain, "邮箱地址中只能有一个@，请只填一个邮箱"),
        (not local, "请填写邮箱地址@前面的部分"),
        (not domain, "请填写邮箱地址@后面的部分，例如163.com"),
        (not set(domain) & set(".。"), f"邮箱地址@后面的“{domain}”不完整，例如163.com"),
    )
    return next((sentence for applies, sentence in slips if applies), None)


def _valid_address(address: str) -> str:
    """The form mail servers take. Raises EmailNotValidError."""
    found = validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    return found.ascii_email or found.normalized
