import sys

import orderkit

cart = {"lines": [{"sku": "A100", "quantity": 3, "price": 5}] * 10_001}
with orderkit.Kit(orderkit.load(".")) as kit:
    for one in kit.quote(cart).missed:
        print(one.label, one.text(sys.argv[-1]))
