"""One word for each thing: closed lists that carry the word people read."""

from __future__ import annotations

import enum
from typing import Self


class Labelled(enum.Enum):
    """A closed list. `value` is what code, database and URLs use, `label` what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(value, label) pairs in the order of the list."""
        return [(member.value, member.label) for member in cls]


class Ordered(Labelled):
    """A closed list whose order means something; `rank` counts from 0."""

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)


class Status(Labelled):
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "待补正"
    AWAITING_APPROVAL = "awaiting_approval", "待复核"
    APPROVED = "approved", "已通过"
    REJECTED = "rejected", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"


#: An application in one of these holds its person's only place in a recruitment.
HOLDING = (Status.SUBMITTED, Status.RETURNED, Status.AWAITING_APPROVAL, Status.APPROVED)
#: In these somebody still has to act.
UNDECIDED = (Status.SUBMITTED, Status.RETURNED, Status.AWAITING_APPROVAL)


class Channel(Labelled):
    INDIVIDUAL = "individual", "个人报名"
    UNIT = "unit", "单位推荐"
    PAPER = "paper", "纸质（邮件）报名"


class Verdict(Ordered):
    """From best to worst; the outcome of an assessment is the worst of its findings."""

    PASS = "pass", "符合"
    PENDING = "pending", "待核"
    EXCEPTION = "exception", "需复核"
    FAIL = "fail", "不符合"


class Education(Labelled):
    """The national scale: senior high equals vocational."""

    PRIMARY = "primary", "小学及以下"
    JUNIOR_HIGH = "junior_high", "初中"
    SENIOR_HIGH = "senior_high", "高中"
    VOCATIONAL = "vocational", "中专、职高、技校"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "硕士"
    DOCTOR = "doctor", "博士"

    def reaches(self, minimum: Education) -> bool:
        return _LEVELS[self] >= _LEVELS[minimum]


_LEVELS = {
    Education.PRIMARY: 0,
    Education.JUNIOR_HIGH: 1,
    Education.SENIOR_HIGH: 2,
    Education.VOCATIONAL: 2,
    Education.COLLEGE: 3,
    Education.BACHELOR: 4,
    Education.MASTER: 5,
    Education.DOCTOR: 6,
}


class IdType(Labelled):
    RESIDENT_ID = "resident_id", "居民身份证"
    HK_MACAO_PERMIT = "hk_macao_permit", "港澳居民居住证"
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民居住证"
    FOREIGN_PERMIT = "foreign_permit", "外国人永久居留身份证"
    PASSPORT = "passport", "护照"
    OTHER = "other", "其他证件"


class Gender(Labelled):
    FEMALE = "female", "女"
    MALE = "male", "男"


class PoliticalStatus(Labelled):
    MASSES = "masses", "群众"
    PARTY_MEMBER = "party_member", "中共党员（含预备党员）"
    LEAGUE_MEMBER = "league_member", "共青团员"
    DEMOCRATIC_PARTY = "democratic_party", "民主党派"
    NO_PARTY = "no_party", "无党派人士"


class ServiceArea(Labelled):
    GOODS = "goods", "商品监督"
    SERVICES = "services", "服务监督"
    EDUCATION = "education", "消费教育宣传"
    MEDIATION = "mediation", "协助调解消费纠纷"
    SURVEY = "survey", "消费调查体验"
    PUBLIC_OPINION = "public_opinion", "网络消费监督"


class Availability(Labelled):
    WEEKDAY = "weekday", "工作日白天"
    EVENING = "evening", "工作日晚上"
    WEEKEND = "weekend", "周末"
    HOLIDAY = "holiday", "节假日"


class Declaration(Labelled):
    HEALTH = "health", "身体健康"
    CONDUCT = "conduct", "政治文化素质和守法"
    LAW_KNOWLEDGE = "law_knowledge", "熟悉法律法规"
    LOCAL_KNOWLEDGE = "local_knowledge", "熟悉当地情况"
    ABILITY = "ability", "组织协调能力"
    OBEDIENCE = "obedience", "服从组织管理"
    UNPAID = "unpaid", "自愿无偿"


class DocumentKind(Labelled):
    """What an attachment shows, or what a staff member saw in the original (原件已核)."""

    SPECIALITY_PROOF = "speciality_proof", "专业特长证明"
    GUARDIAN_CONSENT = "guardian_consent", "监护人书面同意"
    PHOTO = "photo", "照片"
    SEALED_FORM = "sealed_form", "盖章推荐表"
    PAPER_FORM = "paper_form", "纸质报名表"
    OTHER = "other", "其他"


class ReceivedVia(Labelled):
    """How a form that staff enter reached the association."""

    COUNTER = "counter", "当面递交"
    POST = "post", "邮寄"
    EMAIL = "email", "电子邮件"


class RecommendationStatus(Labelled):
    """推荐: who must act is the unit (draft, returned) or staff (handed in)."""

    DRAFT = "draft", "填写中"
    HANDED_IN = "handed_in", "待核对"
    RETURNED = "returned", "已退回"
    CONFIRMED = "confirmed", "已核对"


class NomineeStatus(Labelled):
    """被推荐人, as the unit may see it: a refusal looks like any other withdrawal."""

    LISTED = "listed", "未提交"
    ASKED = "asked", "待本人确认"
    CONFIRMED = "confirmed", "本人已确认"
    WITHDRAWN = "withdrawn", "已撤出"


class SealState(Ordered):
    """From worst to best. STALE: the list changed after it was sealed."""

    MISSING = "missing", "未上传"
    STALE = "stale", "盖章后名单有改动"
    UPLOADED = "uploaded", "已上传，待核对"
    CONFIRMED = "confirmed", "已核对"


class SealCheck(Labelled):
    """What staff look at before they confirm a unit's seal."""

    PRESENT = "present", "有公章，印迹看得清"
    ROUND = "round", "圆形，中间有五角星"
    NAME = "name", "章上的名称与单位全称一字不差"
    OWN = "own", "是单位公章，不是部门章、财务章或合同章"


class AgeReference(Labelled):
    CLOSING_DATE = "closing_date", "报名截止日"
    APPLICATION_DATE = "application_date", "报名当日"


class TermStart(Labelled):
    FIXED_DAY = "fixed_day", "固定日期"
    APPROVAL_DAY = "approval_day", "审核通过当日"


class TermStatus(Labelled):
    UPCOMING = "upcoming", "未开始"
    ACTIVE = "active", "在聘"
    ENDED = "ended", "期满"
    TERMINATED = "terminated", "提前解聘"


class Role(Ordered):
    """Each role may do what the roles before it may."""

    VIEWER = "viewer", "查看员"
    REVIEWER = "reviewer", "审核员"
    APPROVER = "approver", "复核员"
    ADMIN = "admin", "管理员"


ETHNICITIES = (
    "汉族",
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔族",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "高山族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "阿昌族",
    "普米族",
    "塔吉克族",
    "怒族",
    "乌孜别克族",
    "俄罗斯族",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "京族",
    "塔塔尔族",
    "独龙族",
    "鄂伦春族",
    "赫哲族",
    "门巴族",
    "珞巴族",
    "基诺族",
    "其他",
)


class Consent(Labelled):
    PERSONAL_DATA = "consent", "个人信息处理"
    SENSITIVE = "consent_sensitive", "证件号码处理"
    PUBLIC_LIST = "consent_public", "公示名单列出姓名"
