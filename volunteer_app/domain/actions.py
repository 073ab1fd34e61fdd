"""What 操作日志 calls each action and each detail of it."""

from __future__ import annotations

from .workflow import MOVES

ACTIONS: dict[str, str] = {
    "submit": "提交报名",
    "enter": "登记纸质（邮件）报名",
    **{move.name: move.label for move in MOVES},
    "see_original": "原件已核",
    "attach": "上传附件",
    "detach": "删除附件",
    "begin_recommendation": "开始单位推荐",
    "change_recommendation": "修改单位信息",
    "add_nominees": "增加被推荐人",
    "change_nominee": "修改被推荐人",
    "remove_nominee": "撤出被推荐人",
    "hand_in": "提交单位推荐",
    "confirm_nomination": "被推荐人确认",
    "decline_nomination": "被推荐人不参加",
    "see_signature": "已见本人签名",
    "remind_nominee": "重新发送确认链接",
    "confirm_seal": "核对公章",
    "return_recommendation": "退回单位推荐",
    "renew_link": "发出新的单位链接",
    "send_again": "重新发送通知",
    "drop_message": "不再发送通知",
    "tell_otherwise": "已用别的办法通知本人",
    "reveal": "查看完整号码",
    "print_form": "下载报名表",
    "export": "导出花名册",
    "change_settings": "修改设置",
    "open_recruitment": "开启下一次招募",
    "invite_staff": "邀请工作人员",
    "renew_invitation": "发出新的一次性链接",
    "accept_invitation": "用一次性链接设置密码",
    "change_staff": "修改账号",
    "change_password": "修改密码",
    "sign_in": "登录",
    "sign_in_failed": "登录失败",
    "sign_out": "退出",
    "begin_renewal": "开始续聘",
    "ask_to_be_told": "要求开始后通知",
    "ask_no_more": "不再要求通知",
}

#: Names of details, settings and columns that are no fields of the catalogue.
DETAILS: dict[str, str] = {
    "to": "改为",
    "channel": "途径",
    "received_via": "怎么收到的",
    "outcome": "资格核对",
    "kind": "材料",
    "message": "通知",
    "field": "项目",
    "fields": "项目",
    "reason": "理由",
    "role": "角色",
    "region": "地区",
    "active": "在用",
    "name": "姓名",
    "source": "照此设置",
    "format": "格式",
    "filter": "筛选",
    "columns": "列",
    "revealed": "完整号码",
    "count": "人数",
    "reference": "报名编号",
    "recruitment": "招募",
    "starts_on": "聘期第一日",
    "ends_on": "聘期最后一日",
    "term_status": "聘任状态",
    "status": "状态",
    "on": "日期",
    "q": "姓名",
    "mailbox": "信箱",
    "telephone": "电话",
    "office_hours": "办公时间",
    "title": "名称",
    "opens_on": "开始日",
    "closes_on": "截止日",
    "correction_days": "补正天数",
    "age_min": "最小年龄",
    "age_max": "最大年龄",
    "relaxed_min": "放宽后的最小年龄",
    "relaxed_max": "放宽后的最大年龄",
    "age_reference": "年龄算到哪一天",
    "education_min": "最低学历",
    "term_years": "聘期年数",
    "term_start": "聘期从哪天起",
    "term_starts_on": "聘期第一日",
    "lead": "导语",
    "duties": "职责",
    "after_closing": "截止以后",
}

#: Subjects that are neither a reference nor a username nor a recruitment.
SUBJECTS = {"roster": "花名册", "association": "协会信息"}


def action_label(action: str) -> str:
    """The Chinese word; an action without one is shown as it is stored."""
    return ACTIONS.get(action, action)
