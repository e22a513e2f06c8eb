import sys

import orderkit

payload = {"id": "1", "note": "急", "goods": [{"sku": "A100", "price": 5}]}
with orderkit.Kit(orderkit.load(".")) as kit:
    try:
        kit.receive("小程序", payload)
    except orderkit.InvalidOrder as error:
        print(error.render(lang=sys.argv[-1]))
