"""What is required today, and the first wording of the contracts. Headquarters changes the rows in the admin."""

from datetime import date

from django.db import migrations

LICENCE = {
    "code": "licence",
    "input": "PAPER",
    "name_zh": "营业执照",
    "name_en": "Business licence",
    "hint_zh": "加盖公章的彩色扫描件或照片。长期有效的执照,有效期留空。",
    "hint_en": "A color scan or photo with the company's seal. Leave the last day empty if the licence is unlimited.",
    "has_last_day": True,
    "blocks_when_expired": True,
}
TAX_NUMBER = {
    "code": "tax-number",
    "input": "TAX_NUMBER",
    "name_zh": "统一社会信用代码",
    "name_en": "Tax number",
    "hint_zh": "执照上的 18 位代码,我们会核对校验码。",
    "hint_en": "The unified social credit code of 18 characters on your licence; we check its last character.",
}
BANK_ACCOUNT = {
    "code": "bank-account",
    "input": "BANK_ACCOUNT",
    "name_zh": "结算账户",
    "name_en": "Bank account",
    "hint_zh": "对公账户,户名须与公司名称一致。账号加密保存,只显示末四位。",
    "hint_en": "A company account in your company's name. The number is stored encrypted; only its last digits are shown.",
}
CONTRACT = {
    "code": "contract",
    "input": "CONTRACT",
    "name_zh": "合作协议",
    "name_en": "Contract",
    "hint_zh": "在线阅读并签署,签署后可下载存档副本。",
    "hint_en": "Read and sign it here; a frozen copy is yours to keep.",
}
BRAND = {
    "code": "brand-authorization",
    "input": "PAPER",
    "name_zh": "品牌授权书",
    "name_en": "Brand authorization",
    "hint_zh": "商标权利人出具的授权书;自有品牌请上传商标注册证。",
    "hint_en": "The letter of the trademark's owner; for a brand of your own, its registration.",
    "asks_issuer": True,
    "has_last_day": True,
}
ISO = {
    "code": "iso-certificate",
    "input": "PAPER",
    "name_zh": "质量体系证书",
    "name_en": "ISO certificate",
    "hint_zh": "IATF 16949 或 ISO 9001 证书。",
    "hint_en": "IATF 16949 or ISO 9001.",
    "is_required": False,
    "asks_number": True,
    "asks_issuer": True,
    "has_last_day": True,
}
PREMISES = {
    "code": "premises",
    "input": "PAPER",
    "name_zh": "经营场所证明",
    "name_en": "Proof of premises",
    "hint_zh": "房产证或租赁合同,租期不少于三年。",
    "hint_en": "A deed, or a lease of three years or more.",
    "has_last_day": True,
}
REQUIREMENTS = {
    "SUPPLIER": [LICENCE, TAX_NUMBER, BRAND, ISO, BANK_ACCOUNT, CONTRACT],
    "DEALER": [LICENCE, TAX_NUMBER, PREMISES, {**BRAND, "is_required": False}, BANK_ACCOUNT, CONTRACT],
}

SUPPLIER_ZH = """# 一、合作内容
乙方通过星驰平台向消费者及经销商供应零部件与用品;甲方提供平台、结算与售后协同服务。
# 二、资质与品质
乙方保证所提交的证照真实有效,商品符合国家标准及随附说明;证照到期前应在平台更新,到期未更新的,甲方可暂停新增报价与新增订单,已成交订单继续履行。
# 三、价格与库存
乙方自行报价并对库存的真实性负责;超出平台规则的大幅调价须经甲方审核。
# 四、发货与退货
乙方应在承诺期限内发货;因商品质量引起的退货,往返运费由乙方承担。
# 五、结算
甲方按对账单周期结算货款,乙方对账单有异议的,应在收到后十个工作日内提出。
# 六、数据与保密
双方仅为履行订单处理消费者个人信息,并依照《中华人民共和国个人信息保护法》承担各自责任。
# 七、期限与终止
本协议自乙方签署且甲方审核通过之日起生效,期限一年,期满前三十日双方均未提出异议的,顺延一年。"""
SUPPLIER_EN = """# 1. Subject
Party B supplies parts and accessories to consumers and dealers through the Xingchi platform; Party A provides the platform, settlement and after-sales services.
# 2. Papers and quality
Party B warrants that its papers are genuine and valid and that its goods meet national standards. Papers are renewed on the platform before they run out; otherwise Party A may stop new offers and new orders, while open orders are finished.
# 3. Prices and stock
Party B sets its own prices and answers for its stock figures; price changes beyond the platform's limits are reviewed by Party A first.
# 4. Shipping and returns
Party B ships within the promised time and bears the freight of returns caused by quality.
# 5. Settlement
Party A settles by periodic statement; Party B raises objections within ten working days of receipt.
# 6. Data
Both parties process consumers' personal data only to fulfil orders, each under its own responsibility under the Personal Information Protection Law.
# 7. Term
This agreement takes effect when Party B has signed and Party A has approved; it runs for one year and renews by a year unless either party objects thirty days before its end."""
DEALER_ZH = """# 一、授权范围
甲方授权乙方在授权书载明的品牌、区域与业务(销售、服务)范围内经营;超出范围的订单平台不予分配。
# 二、门店与人员
乙方门店应符合甲方的形象与服务标准,营业时间与联系方式在平台如实维护。
# 三、订单与交付
乙方应在时限内接受订单;交付前完成 PDI 检查,凭消费者的一次性取车码交车。
# 四、价格
乙方执行甲方公布的价格政策,不得另行加价收费。
# 五、佣金与结算
甲方按公布的规则计算佣金并按对账单结算,乙方有异议的,应在收到后十个工作日内提出。
# 六、数据与保密
乙方仅为履行订单与服务查看消费者信息,并依照《中华人民共和国个人信息保护法》承担责任。
# 七、期限与终止
本协议自乙方签署且甲方审核通过之日起生效,期限两年;资质到期未更新的,甲方可暂停分配新订单。"""
DEALER_EN = """# 1. Scope
Party A authorizes Party B to trade within the brands, regions and business (sales, service) named in its authorization; orders beyond it are not assigned.
# 2. Stores and staff
Party B's stores meet Party A's standards; opening hours and contacts are kept true on the platform.
# 3. Orders and delivery
Party B accepts orders in time, passes the pre-delivery inspection, and hands a car over against the consumer's one-time code.
# 4. Prices
Party B follows the published price policy and charges nothing on top.
# 5. Commission and settlement
Commission follows the published rules and is settled by statement; objections are raised within ten working days of receipt.
# 6. Data
Party B sees consumers' data only to fulfil orders and services, and answers for it under the Personal Information Protection Law.
# 7. Term
This agreement takes effect when Party B has signed and Party A has approved; it runs for two years. While required papers have run out, Party A may assign no new orders."""
CONTRACTS = [
    ("SUPPLIER", "星驰平台供应商合作协议", "Xingchi Supplier Agreement", SUPPLIER_ZH, SUPPLIER_EN),
    ("DEALER", "星驰授权经销商合作协议", "Xingchi Authorized Dealer Agreement", DEALER_ZH, DEALER_EN),
]
IN_FORCE_FROM = date(2026, 1, 1)


def write(apps, schema_editor):
    """Write the rows; what is there already stays as it is."""
    requirement_type = apps.get_model("onboarding", "RequirementType")
    template = apps.get_model("onboarding", "ContractTemplate")
    for kind, rows in REQUIREMENTS.items():
        for position, row in enumerate(rows, start=1):
            details = {name: value for name, value in row.items() if name != "code"}
            requirement_type.objects.get_or_create(
                kind=kind, code=row["code"], defaults={**details, "position": position * 10}
            )
    for kind, title_zh, title_en, body_zh, body_en in CONTRACTS:
        template.objects.get_or_create(
            kind=kind,
            version="2026-1",
            defaults={
                "title_zh": title_zh,
                "title_en": title_en,
                "body_zh": body_zh,
                "body_en": body_en,
                "in_force_from": IN_FORCE_FROM,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_initial")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
