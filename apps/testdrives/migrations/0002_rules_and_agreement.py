"""Who may drive a car, and the first text of the agreement."""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

SOURCE = "《机动车驾驶证申领和使用规定》（公安部令第162号，自2022年4月1日起施行）第十四条、附件1"
# Annex 1: these classes cover small cars; C2 covers those with automatic gears, as all of ours have.
CLASSES = ["A1", "A2", "A3", "B1", "B2", "C1", "C2"]
BODY_ZH = """本人自愿试驾星驰车辆，并确认：
一、本人年满十八周岁，持有与准驾车型相符且在有效期内的机动车驾驶证，试驾时随身携带原件供门店核验。
二、本人未饮酒，未服用影响安全驾驶的药物，身体状况适合驾驶；试驾时按约定路线行驶，遵守道路交通安全法律法规，听从陪驾人员的安全提示。
三、车辆由门店投保。因本人交通违法产生的记分与罚款由本人承担；因本人过错造成的损失，保险赔付之外的部分依法承担。
四、出发前与还车时，本人与门店共同检查车况并留存照片。
五、门店为安排和跟进本次试驾使用本人的姓名与手机号码，可就本次试驾与本人联系；本人可随时要求停止联系。"""
BODY_EN = """I drive a Xingchi car of my own free will, and confirm:
1. I am at least eighteen years old and hold a valid driving licence that covers the car; I bring the original for the store to see.
2. I have not drunk alcohol or taken medicine that affects driving, and I am fit to drive. I keep to the agreed route and to traffic law, and follow the safety advice of whoever accompanies me.
3. The store insures the car. Points and fines for my own offences are mine; for damage by my own fault I answer as the law says, beyond what the insurance pays.
4. Before leaving and on returning, the store and I look the car over together and keep pictures.
5. The store uses my name and phone number to arrange and follow up this test drive and may contact me about it; I may ask it to stop at any time."""


def write(apps, schema_editor):
    """Date the first rule and the first text."""
    apps.get_model("testdrives", "EligibilityRule").objects.create(
        min_age=18, licence_classes=CLASSES, valid=DateRange(date(2022, 4, 1), None), source=SOURCE
    )
    apps.get_model("testdrives", "AgreementText").objects.create(
        version="2026-01", body_zh=BODY_ZH, body_en=BODY_EN, valid=DateRange(date(2026, 1, 1), None)
    )


def remove(apps, schema_editor):
    """Take them away again."""
    apps.get_model("testdrives", "EligibilityRule").objects.filter(source=SOURCE).delete()
    apps.get_model("testdrives", "AgreementText").objects.filter(version="2026-01").delete()


class Migration(migrations.Migration):
    dependencies = [("testdrives", "0001_initial")]

    operations = [migrations.RunPython(write, remove)]
