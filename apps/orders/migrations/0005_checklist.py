"""The first checklist of the inspection before delivery, by body type and powertrain. HQ edits it from here on."""

from django.db import migrations

PLUGGED = ["bev", "erev", "phev"]
VOLTAGE = ["bev", "erev", "phev", "hev"]
ENGINE = ["erev", "phev", "hev", "ice"]
# Section, code, what to look at in Chinese and English, body types, powertrains, whether a photo is needed.
ROWS = (
    ("documents", "vin-plate", "车架号与合格证、发票一致", "VIN agrees with certificate and invoice", [], [], True),
    ("documents", "keys", "两把钥匙齐全，遥控有效", "Two keys, remote control works", [], [], False),
    (
        "documents",
        "manuals",
        "三包凭证、说明书与随车工具齐全",
        "Warranty book, manuals and tools are there",
        [],
        [],
        False,
    ),
    (
        "documents",
        "charging-cable",
        "随车充电枪及放电附件齐全",
        "Charging cable and adapters are there",
        [],
        PLUGGED,
        False,
    ),
    ("exterior", "paint", "漆面无划痕、凹陷与色差", "Paint without scratches, dents or differences", [], [], True),
    ("exterior", "gaps", "门盖缝隙均匀，开关顺畅", "Even gaps, doors and lids move freely", [], [], False),
    ("exterior", "glass", "玻璃、后视镜与密封条完好", "Glass, mirrors and seals are sound", [], [], False),
    (
        "exterior",
        "wheels",
        "轮毂无损伤，轮胎型号、气压与生产日期正确",
        "Wheels sound; tires' size, pressure and date right",
        [],
        [],
        True,
    ),
    (
        "exterior",
        "tailgate",
        "电动尾门开闭与防夹正常",
        "Powered tailgate opens, closes and stops",
        ["suv", "mpv", "crossover"],
        [],
        False,
    ),
    (
        "exterior",
        "sliding-doors",
        "侧滑门开闭、防夹与儿童锁正常",
        "Sliding doors, their stop and child locks work",
        ["mpv", "van"],
        [],
        False,
    ),
    (
        "exterior",
        "cargo-bed",
        "货厢、尾板与系固点完好",
        "Bed, tailboard and lashing points are sound",
        ["pickup"],
        [],
        True,
    ),
    (
        "exterior",
        "frameless",
        "无框车门升降与密封正常",
        "Frameless windows drop, rise and seal",
        ["coupe", "convertible"],
        [],
        False,
    ),
    ("interior", "seats", "座椅调节、加热、通风与安全带正常", "Seats adjust, heat and cool; belts work", [], [], False),
    ("interior", "third-row", "第三排座椅折叠与安全带正常", "Third row folds; its belts work", ["mpv"], [], False),
    ("interior", "trim", "内饰清洁无破损、无异响", "Trim is clean, whole and silent", [], [], True),
    ("interior", "protection", "清除运输保护膜，交付清洁", "Transport films removed, car cleaned", [], [], False),
    ("electrics", "lights", "全部灯光与转向提示正常", "All lights and indicators work", [], [], False),
    (
        "electrics",
        "screens",
        "中控、仪表与语音正常，系统为最新版本",
        "Screens and voice work; software is current",
        [],
        [],
        False,
    ),
    (
        "electrics",
        "cameras",
        "影像、雷达与驾驶辅助标定完成",
        "Cameras, radar and driver assistance calibrated",
        [],
        [],
        False,
    ),
    ("electrics", "climate", "空调制冷制热与除雾正常", "Climate cools, heats and demists", [], [], False),
    (
        "drive",
        "high-voltage",
        "高压线束、接插件与绝缘检测正常",
        "High-voltage cables, plugs and insulation are sound",
        [],
        VOLTAGE,
        False,
    ),
    (
        "drive",
        "battery-health",
        "动力电池健康度与单体压差合格",
        "Battery health and cell balance are within limits",
        [],
        VOLTAGE,
        False,
    ),
    ("drive", "charging", "交流与直流充电测试通过", "Charges with alternating and direct current", [], PLUGGED, True),
    ("drive", "state-of-charge", "交付电量不低于 50%", "At least 50 % charge for hand-over", [], ["bev"], False),
    ("drive", "oil", "机油、冷却液与制动液液位正常", "Oil, coolant and brake fluid at their levels", [], ENGINE, False),
    ("drive", "engine", "发动机启动、怠速与排放正常", "Engine starts, idles and emits as it should", [], ENGINE, False),
    ("drive", "coolant", "电池与电驱冷却液液位正常", "Coolant of battery and motor at its level", [], ["bev"], False),
    ("drive", "brakes", "制动、驻车与底盘无渗漏、无松动", "Brakes and chassis tight, nothing leaks", [], [], False),
    ("road", "drive", "路试转向、制动、加速无异常", "Steers, brakes and accelerates as it should", [], [], False),
    ("road", "warnings", "路试后无故障码与警告灯", "No fault codes or warnings after the drive", [], [], True),
)


def write(apps, schema_editor):
    item = apps.get_model("orders", "ChecklistItem")
    item.objects.bulk_create(
        item(
            section=section,
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            body_types=body_types,
            powertrains=powertrains,
            needs_photo=needs_photo,
            position=place,
        )
        for place, (section, code, name_zh, name_en, body_types, powertrains, needs_photo) in enumerate(ROWS)
    )


def remove(apps, schema_editor):
    apps.get_model("orders", "ChecklistItem").objects.filter(code__in=[row[1] for row in ROWS]).delete()


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_inspections")]
    operations = [migrations.RunPython(write, remove)]
