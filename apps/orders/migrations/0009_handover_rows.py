"""What belongs to a handover, and the first text that receivers sign. HQ edits both from here on."""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

PLUGGED = ["bev", "erev", "phev"]
BATTERY = ["bev", "erev", "phev", "hev"]
# Kind, code, name in Chinese and English, powertrains, whether it is required.
ROWS = (
    ("PAPER", "invoice", "机动车销售统一发票", "Unified invoice for the sale of a motor vehicle", [], True),
    ("PAPER", "conformity", "机动车整车出厂合格证", "Certificate of conformity", [], True),
    ("PAPER", "consistency", "车辆一致性证书", "Certificate of consistency", [], True),
    ("PAPER", "warranty", "三包凭证与保修手册", "Warranty card and book", [], True),
    ("PAPER", "manual", "产品使用说明书", "Owner's manual", [], True),
    ("PAPER", "battery", "动力电池编码与质保说明", "Traction battery's code and warranty", BATTERY, True),
    ("PAPER", "emissions", "机动车环保信息随车清单", "Environmental information sheet", [], True),
    ("PAPER", "purchase-tax", "车辆购置税完税或免税证明", "Purchase tax: proof of payment or exemption", [], False),
    ("PAPER", "insurance", "交强险保单", "Compulsory insurance policy", [], False),
    ("PAPER", "plate", "临时行驶车号牌", "Temporary plate", [], False),
    ("PACK", "keys", "钥匙两把", "Two keys", [], True),
    ("PACK", "charging-cable", "随车充电枪及附件", "Charging cable and adapters", PLUGGED, True),
    ("PACK", "triangle", "三角警示牌与反光背心", "Warning triangle and reflective vest", [], True),
    ("PACK", "tools", "随车工具与补胎套件", "Tools and tire repair kit", [], True),
    (
        "PACK",
        "app",
        "已绑定车主账号，讲解主要功能",
        "Car linked to the owner's account, main functions shown",
        [],
        False,
    ),
    ("PACK", "gift", "交车礼盒", "Welcome gift", [], False),
)
BODY_ZH = """本人确认：
一、门店已核验本人身份；代收的，已出示车主的书面委托。
二、本人已查看车辆外观、内饰与随车物品，车架号与随车文件一致；下列文件与物品均已收到。
三、门店已说明三包与保修责任、首次保养的时间或里程，以及主要功能的安全使用方法。
四、自签字并出示一次性提货码起，车辆交付本人，车辆毁损、灭失的风险随之转移。
五、交车照片与本记录由门店与星驰留存，作为交付凭证；本人可随时查看和下载本记录。"""
BODY_EN = """I confirm:
1. The store has checked my identity; where I receive the car for its buyer, I have shown the buyer's written authority.
2. I have looked at the car outside and inside and at what comes with it; its VIN agrees with its papers. I have received the papers and things listed below.
3. The store has explained the statutory and contractual warranty, when the first service is due, and how to use the main functions safely.
4. With this signature and the one-time code the car is handed over to me, and the risk of damage and loss passes to me.
5. The store and Xingchi keep the photos and this record as proof of the handover; I may read and download it at any time."""


def write(apps, schema_editor):
    """Write the rows and date the first text."""
    item = apps.get_model("orders", "HandoverItem")
    item.objects.bulk_create(
        item(
            kind=kind,
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            powertrains=powertrains,
            is_required=is_required,
            position=place,
        )
        for place, (kind, code, name_zh, name_en, powertrains, is_required) in enumerate(ROWS)
    )
    apps.get_model("orders", "HandoverText").objects.create(
        version="2026-01", body_zh=BODY_ZH, body_en=BODY_EN, valid=DateRange(date(2026, 1, 1), None)
    )


def remove(apps, schema_editor):
    """Take them away again."""
    apps.get_model("orders", "HandoverItem").objects.filter(code__in=[row[1] for row in ROWS]).delete()
    apps.get_model("orders", "HandoverText").objects.filter(version="2026-01").delete()


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_handovers")]

    operations = [migrations.RunPython(write, remove)]
