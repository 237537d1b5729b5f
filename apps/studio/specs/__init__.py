"""The eight series, by name."""

from apps.studio.specs.changgeng import CHANGGENG
from apps.studio.specs.jinghong import JINGHONG
from apps.studio.specs.qinglan import QINGLAN
from apps.studio.specs.shuoye import SHUOYE
from apps.studio.specs.spec import Car
from apps.studio.specs.tianshu import TIANSHU
from apps.studio.specs.wangshu import WANGSHU
from apps.studio.specs.yuanshan import YUANSHAN
from apps.studio.specs.yunzhou import YUNZHOU

_ALL = (WANGSHU, CHANGGENG, QINGLAN, YUANSHAN, TIANSHU, YUNZHOU, SHUOYE, JINGHONG)
CARS: dict[str, Car] = {car.name: car for car in _ALL}
